# shellcheck shell=bash
# Sourced by run.sh, test.sh and .ci/run: makes sure that the .NET 10 SDK and PostgreSQL 15 or later are there. Says everything on stderr.
# CAMPAIGNS_PG_BIN names the folder of PostgreSQL's programs and stands for every other place, for this script and for the product.

oldest_postgres=15

postgres_folders() {
    if [[ -n "${CAMPAIGNS_PG_BIN:-}" ]]; then
        printf '%s\n' "$CAMPAIGNS_PG_BIN"
        return
    fi
    printf '%s\n' "${PATH//:/$'\n'}"
    printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin \
        /Applications/Postgres.app/Contents/Versions/*/bin
    if command -v pg_config >/dev/null; then
        pg_config --bindir
    fi
}

has_postgres() {
    local folder version
    while IFS= read -r folder; do
        if [[ -n "$folder" && -x "$folder/postgres" && -x "$folder/initdb" ]]; then
            version=$("$folder/postgres" --version 2>/dev/null | sed -n 's/.*(PostgreSQL) \([0-9]*\).*/\1/p')
            if [[ -n "$version" && "$version" -ge "$oldest_postgres" ]]; then
                return 0
            fi
        fi
    done < <(postgres_folders)
    return 1
}

# The package would also make a cluster and start it on port 5432. Its own setting forbids that while it is being installed.
install_postgres() {
    local settings=/etc/postgresql-common/createcluster.conf before='' result=0 output
    echo "Installing PostgreSQL from the distribution's packages (this starts no server)..." >&2
    if [[ -e "$settings" ]]; then
        before=$(mktemp)
        cp -p "$settings" "$before"
    fi
    mkdir -p "${settings%/*}"
    echo 'create_main_cluster = false' >>"$settings"
    output=$(
        exec 2>&1 </dev/null
        export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1
        apt-get update -qq &&
            apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold postgresql
    ) || result=1
    if [[ "$result" -ne 0 ]]; then
        printf '%s\n' "$output" >&2
    fi
    if [[ -n "$before" ]]; then
        mv "$before" "$settings"
    fi
    return "$result"
}

explain_postgres() {
    local sudo='' command
    if [[ "$(id -u)" -ne 0 ]]; then
        sudo='sudo '
    fi
    if [[ -n "${CAMPAIGNS_PG_BIN:-}" ]]; then
        echo "CAMPAIGNS_PG_BIN=$CAMPAIGNS_PG_BIN holds no PostgreSQL $oldest_postgres or later (programs postgres and initdb). Correct it, or: unset CAMPAIGNS_PG_BIN" >&2
        return
    fi
    if command -v apt-get >/dev/null; then
        command="${sudo}apt-get install postgresql"
    elif command -v dnf >/dev/null; then
        command="${sudo}dnf install postgresql-server"
    elif command -v apk >/dev/null; then
        command="${sudo}apk add postgresql17"
    elif command -v brew >/dev/null; then
        command='brew install postgresql@17'
    else
        command='install PostgreSQL 17 from https://www.postgresql.org/download/'
    fi
    echo "PostgreSQL $oldest_postgres or later is needed and was not found. Run: $command" >&2
}

require_postgres() {
    if has_postgres; then
        return
    fi
    if [[ -z "${CAMPAIGNS_PG_BIN:-}" && "$(id -u)" -eq 0 ]] && command -v apt-get >/dev/null && install_postgres && has_postgres; then
        return
    fi
    explain_postgres
    exit 3
}

# From the repository, because global.json decides which SDK counts.
require_dotnet() {
    local version
    if ! command -v dotnet >/dev/null; then
        echo 'The .NET 10 SDK is needed and dotnet was not found. Get it: https://dotnet.microsoft.com/download/dotnet/10.0' >&2
        exit 3
    fi
    if ! version=$(cd "$1" && dotnet --version 2>/dev/null) || [[ "$version" != 10.* ]]; then
        echo "The .NET 10 SDK is needed; here are: $(cd / && dotnet --list-sdks | sed 's/ .*//' | paste -sd, -). Get it: https://dotnet.microsoft.com/download/dotnet/10.0" >&2
        exit 3
    fi
}

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
