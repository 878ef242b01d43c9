#!/usr/bin/env bash
# Measures everything on a private, durable PostgreSQL and writes benchmarks/results.md. Arguments go to the program: --quick, --only …
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname -- "$here")
# shellcheck source=eng/prerequisites.sh
source "$root/eng/prerequisites.sh"

require_dotnet "$root"
require_postgres

# stdout is the table: the build speaks on stderr, and only when something is wrong.
if ! output=$(cd "$root" && dotnet build benchmarks/Campaigns.Benchmarks -c Release --nologo -v quiet -clp:NoSummary 2>&1); then
    printf '%s\n' "$output" >&2
    echo 'The build failed.' >&2
    exit 1
fi

# A smoke run or a part of the suites is not a result to keep, unless it is told where to.
out=(--out "$here/results.md")
for argument in "$@"; do
    case "$argument" in
        --quick | --only | --out) out=() ;;
    esac
done

exec dotnet "$here/Campaigns.Benchmarks/bin/Release/net10.0/Campaigns.Benchmarks.dll" ${out[@]+"${out[@]}"} "$@"
