# The two pools: how their agents are started, asked, stalled and ended, and what their logs say. Sourced by run.
# shellcheck shell=bash disable=SC2034,SC2154 # Each part of run uses names of the others.

members=(serf-1 sotto-1 serf-2 sotto-2 serf-3 sotto-3 serf-4 sotto-4 serf-5 sotto-5)
rpc=127.0.0.1:7373
http=8500
declare -A pid mark

# --- starting and ending ----------------------------------------------------------------------------------------------

# Finds the newest real serf among those that the interoperability tests run against.
find_serf() {
    local peers=${SOTTO_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/sotto/peers} peer
    SOTTO_PEERS=$peers "$root/modules/interop/peers/fetch" >&2
    for peer in serf-newer serf; do
        serf=$(sed -n "s/^$peer=//p" "$peers/peers.properties")
        serf_version=$(sed -n "s/^$peer\.version=serf //p" "$peers/peers.properties")
        [ -n "$serf" ] && return
    done
    skip "there is no real serf to compare with: $(sed -n 's/^serf-newer\.missing=//p' "$peers/peers.properties")"
}

# Starts all ten and waits until all is calm: starting costs a JVM more than running, and is no part of any figure.
start_agents() {
    local key member
    key=$(head -c 32 /dev/urandom | base64)
    (
        umask 077
        printf '{ "encrypt_key": "%s", "retry_join": ["%s"], "retry_interval": "1s" }\n' \
            "$key" "$(address_of serf-1)" >"$work/serf.json"
        printf '{ "encrypt": "%s", "retry_join": ["%s"] }\n' "$key" "$(address_of sotto-1)" >"$work/sotto.json"
    ) || fail "cannot write to $work"
    say "starting five serf $serf_version and five sotto agents"
    for member in "${members[@]}"; do
        "start_${member%-*}" "$member"
    done
    await_whole 60
    if [ -z "${whole_after[serf]}" ] || [ -z "${whole_after[sotto]}" ]; then
        fail "the pools do not form, see $work/*.log"
    fi
}

# Both with the LAN timing that is their default. The id of the subshell is the agent's: ip becomes it. Of what the script
# holds open they get nothing, or the lock would outlive it.
start_serf() {
    (exec ip netns exec "$prefix-$1" "$serf" agent -node="$1" -bind="$(address_of "$1")" -rpc-addr="$rpc" \
        -profile=lan -log-level=info -config-file="$work/serf.json" >"$work/$1.log" 2>&1 7>&-) &
    pid[$1]=$!
}

start_sotto() {
    (SOTTO_JAVA_OPTS=-Xmx96m exec ip netns exec "$prefix-$1" "$root/sotto" agent -node="$1" -bind="$(address_of "$1")" \
        -http-port="$http" -profile=serf -data-dir="$work/$1" -config-file="$work/sotto.json" >"$work/$1.log" 2>&1 7>&-) &
    pid[$1]=$!
}

# Ends the agents, and whatever else runs in the background.
stop_all() {
    # shellcheck disable=SC2046 # Process ids are words.
    kill -KILL $(jobs -p) 2>/dev/null
    wait 2>/dev/null
}

# stall NUMBER: stops that member of both pools, until resume.
stall() { kill -STOP "${pid[serf-$1]}" "${pid[sotto-$1]}" || fail "member $1 of a pool has ended"; }
resume() { kill -CONT "${pid[serf-$1]}" "${pid[sotto-$1]}" || fail "member $1 of a pool has ended"; }

# --- asking -----------------------------------------------------------------------------------------------------------

# How many members an agent holds for alive.
alive_at() {
    case $1 in
        serf-*) inside "$1" timeout 2 "$serf" members -status=alive -rpc-addr="$rpc" 2>/dev/null | grep -c . ;;
        sotto-*) over_http "$1" /v1/agent/members | grep -o '"Status":1[,}]' | grep -c . ;;
    esac
}

# What an agent thinks of its own health; 0 is well.
health_of() {
    case $1 in
        serf-*) inside "$1" timeout 2 "$serf" info -rpc-addr="$rpc" 2>/dev/null | sed -n 's/.*health_score = //p' ;;
        sotto-*) over_http "$1" /v1/agent/self | sed -n 's/.*"health_score":"\([0-9]*\)".*/\1/p' ;;
    esac
}

# A GET without a program that might be missing.
over_http() {
    inside "$1" timeout 2 bash -c "exec 3<>/dev/tcp/127.0.0.1/$http &&
        printf 'GET $2 HTTP/1.1\r\nHost: sotto\r\nConnection: close\r\n\r\n' >&3 && cat <&3" 2>/dev/null
}

is_whole() {
    local number
    for number in 1 2 3 4 5; do
        [ "$(alive_at "$1-$number")" = 5 ] || return
    done
}

# await_whole SECONDS: until every member of each pool lists all five as alive. Leaves in whole_after[KIND] how many
# milliseconds that took, or nothing if it took longer.
declare -A whole_after
await_whole() {
    local kind from=${EPOCHREALTIME/./}
    whole_after=([serf]='' [sotto]='')
    while [ $(((${EPOCHREALTIME/./} - from) / 1000000)) -lt "$1" ]; do
        for kind in serf sotto; do
            [ -z "${whole_after[$kind]}" ] && is_whole "$kind" &&
                whole_after[$kind]=$(((${EPOCHREALTIME/./} - from) / 1000))
        done
        [ -n "${whole_after[serf]}" ] && [ -n "${whole_after[sotto]}" ] && return
        sleep 0.1
    done
}

# await_calm SECONDS: until no member of either pool thinks ill of its own health; fails if that takes longer.
await_calm() {
    local member ill until=$((SECONDS + $1))
    while :; do
        ill=
        for member in "${members[@]}"; do
            [ "$(health_of "$member")" = 0 ] || ill+=" $member"
        done
        [ -n "$ill" ] || return 0
        [ $SECONDS -lt $until ] || break
        sleep 1
    done
    say "still unwell after $1 s:$ill"
    return 1
}

# --- what the logs say ------------------------------------------------------------------------------------------------

# From here on, accusations tells what is new.
mark_logs() {
    local member
    for member in "${members[@]}"; do
        mark[$member]=$(wc -l <"$work/$member.log")
    done
}

# Who accused whom since the mark, one per line: `suspected BY WHOM` for a probe that nobody answered, `failed BY WHOM`
# for a member that BY announced as failed. Both kinds log the same words.
accusations() {
    local member
    for member in "${members[@]}"; do
        tail -n "+$((mark[$member] + 1))" "$work/$member.log" | sed -n \
            -e "s/.*memberlist: Suspect \([^ ]*\) has failed.*/suspected $member \1/p" \
            -e "s/.*serf: EventMemberFailed: \([^ ]*\).*/failed $member \1/p"
    done
}
