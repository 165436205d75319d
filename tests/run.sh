#!/usr/bin/env bash
# Builds the solution and runs every test program, two at a time. Needs the .NET SDK; what else the tests need, it installs.
# The last line is "N passed, N failed"; the exit status is 0 only if nothing failed and every program ran to its end.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tests/set-up.sh || { echo "0 passed, 1 failed"; exit 1; }
dotnet build StyleClip.Training.sln -c Release || { echo "0 passed, 1 failed"; exit 1; }

# Fewer garbage collections: docs/torch-backends.md, "A race in TorchSharp 0.107".
export DOTNET_GCgen0size=0x8000000

results=tests/artifacts/results
rm -rf "$results" && mkdir -p "$results"

run_one() {
  local project=$1 results=$2
  local log="$results/$project.log"
  "tests/artifacts/bin/$project/release/$project" -noColor >"$log" 2>&1
  echo "exit status $?" >>"$log"
  grep -E "^ *$project +Total:" "$log" || echo "$project ended without a summary"
}
export -f run_one
ls tests | grep '\.Tests$' | xargs -P 2 -I{} bash -c 'run_one {} '"$results"

passed=0 failed=0 skipped=0
for project in $(ls tests | grep '\.Tests$'); do
  log="$results/$project.log"
  summary=$(grep -E "^ *$project +Total:" "$log" | tail -1)
  number() { sed -nE "s/.*$1: ([0-9]+).*/\1/p" <<<"$summary"; }
  if [ -z "$summary" ]; then
    failed=$((failed + 1))
    tail -40 "$log"
    continue
  fi
  bad=$(($(number Errors) + $(number Failed)))
  skip=$(number Skipped)
  passed=$((passed + $(number Total) - $(number Failed) - skip))
  failed=$((failed + bad)) skipped=$((skipped + skip))
  [ "$bad" -eq 0 ] || grep -A 25 -E '\[FAIL\]' "$log"
done

if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
[ "$failed" -eq 0 ]
