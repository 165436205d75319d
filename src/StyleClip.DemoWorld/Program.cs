using System.Diagnostics;
using StyleClip.DemoWorld.Pictures;
using StyleClip.DemoWorld.World;

var map = new LatentFactorMap(1);
var renderer = new FaceRenderer(64);
using var sheet = new ContactSheet(12, 6, 64, 2);
for (int i = 0; i < 72; i++) sheet.Put(i % 12, i / 12, renderer.Render(map.FaceOf(LatentFactorMap.SampleLatent(5, i))));
sheet.Save(args[0]);
var clock = Stopwatch.StartNew();
for (int i = 0; i < 1000; i++) renderer.Render(map.FaceOf(LatentFactorMap.SampleLatent(5, i)));
Console.WriteLine(clock.Elapsed.TotalMilliseconds / 1000);
var sums = new double[Factors.Count];
for (int i = 0; i < 10000; i++) { var f = map.FaceOf(LatentFactorMap.SampleLatent(6, i)); for (int k = 0; k < sums.Length; k++) sums[k] += f.Values[k] > 0.5 ? 1 : 0; }
for (int k = 0; k < sums.Length; k++) Console.Write($"{(Factor)k} {sums[k] / 100:f1}  ");
