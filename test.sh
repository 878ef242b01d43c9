#!/usr/bin/env bash
# Builds everything and runs every test. Arguments go to the test runner, for example: ./test.sh --filter FullyQualifiedName~Pacing
# The last line is "N passed, N failed, N skipped" over all projects; a project that crashes or runs nothing counts as one failed.
# Exit code: 0 all passed, 1 something failed, 3 a prerequisite is missing.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=eng/prerequisites.sh
source "$root/eng/prerequisites.sh"

passed=0 failed=0 skipped=0
finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [[ "$failed" -eq 0 ]]
}

require_dotnet "$root"
require_postgres

cd "$root"
echo 'Building...'
if ! dotnet build Campaigns.Orleans.sln -c Release --nologo -v quiet -clp:NoSummary; then
    echo 'The build failed.'
    failed=1
    finish || exit 1
fi

results=$(mktemp -d)
beside=''
trap '[[ -z "$beside" ]] || kill -- "-$beside" 2>/dev/null || true; rm -rf -- "$results"' EXIT

# The attribute's number in the Counters element of a TRX file; what is not written there counts 0.
counter() {
    local value
    value=$(tr '\r\n' '  ' <"$2" | grep -o '<Counters [^>]*>' | head -n 1 | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9' || true)
    echo "${value:-0}"
}

# What a project printed is shown when it is done; its exit code is kept beside it.
run() {
    local name=$1 code=0
    shift
    dotnet test "tests/$name/bin/Release/net10.0/$name.dll" --nologo --results-directory "$results" --logger "trx;LogFileName=$name.trx" \
        --logger 'console;verbosity=minimal' "$@" </dev/null >"$results/$name.log" 2>&1 || code=$?
    echo "$code" >"$results/$name.code"
    {
        flock 9
        echo "== $name"
        cat "$results/$name.log"
        # What the suites drew their moments from, so that a failure can be had again.
        [[ ! -f "$results/$name.trx" ]] || grep -o 'Seed [0-9][^<]*' "$results/$name.trx" | sort -u || true
    } 9>"$results/screen"
}

# Two lanes: conversations and leases run in real time and mostly wait; the rest goes on beside them, one project after the other.
lane() {
    local -n projects=$1
    local project
    shift
    for project in "${projects[@]}"; do
        run "$project" "$@"
    done
}

all=() waiting=() working=()
for project in tests/*/*.Tests.csproj; do
    name=$(basename "$project" .csproj)
    all+=("$name")
    case "$name" in
        Campaigns.Conversations.Tests | Campaigns.Chaos.Tests) waiting+=("$name") ;;
        *) working+=("$name") ;;
    esac
done

# In a process group of its own: it hears signals as the other lane does, and ends with this script.
set -m
lane waiting "$@" &
beside=$!
set +m
lane working "$@"
wait "$beside"

for name in "${all[@]}"; do
    trx="$results/$name.trx"
    code=$(cat "$results/$name.code" 2>/dev/null || echo 1)
    total=0 ran=0 good=0
    if [[ -f "$trx" ]]; then
        total=$(counter total "$trx")
        ran=$(counter executed "$trx")
        good=$(counter passed "$trx")
    fi
    bad=$((ran - good))
    if [[ "$bad" -eq 0 && "$code" -ne 0 ]]; then
        echo "$name: the test run broke off (exit code $code)."
        bad=1
    elif [[ "$total" -eq 0 && "$#" -eq 0 ]]; then
        echo "$name: no test ran."
        bad=1
    fi
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + total - ran))
done

if [[ $((passed + failed + skipped)) -eq 0 ]]; then
    echo 'No test matches.'
    failed=1
fi
finish
