#!/usr/bin/env bash
# Builds the quickstart and starts it: a whole campaign against simulators, on a private PostgreSQL. Arguments go to the program.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=eng/prerequisites.sh
source "$root/eng/prerequisites.sh"

require_dotnet "$root"
require_postgres

# The program's stdout may be read by another program: the build speaks on stderr, and only when something is wrong.
if ! output=$(cd "$root" && dotnet build samples/Quickstart -c Release --nologo -v quiet -clp:NoSummary 2>&1); then
    printf '%s\n' "$output" >&2
    echo 'The build failed.' >&2
    exit 1
fi

exec dotnet "$root/samples/Quickstart/bin/Release/net10.0/Quickstart.dll" "$@"
