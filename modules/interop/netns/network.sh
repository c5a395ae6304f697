# The network: a hub with a bridge, and for each member a place of its own with one cable to the hub. Sourced by run.
#
#   sotto-netns-PID-hub                  bridge: serf-1 sotto-1 serf-2 ...
#   sotto-netns-PID-serf-1               eth0 10.66.0.11/24, table inet faults
#   sotto-netns-PID-sotto-1              eth0 10.66.0.21/24, table inet faults
#
# A fault is a rule for what arrives at a member over its cable. Its loopback interface, over which it is asked for what it
# sees, stays as it is.
# shellcheck shell=bash disable=SC2034,SC2154 # Each part of run uses names of the others.

namespaces=sotto-netns-
prefix=$namespaces$$
hub=$prefix-hub
loss_rule='numgen random mod 100 < 50 counter drop'

# Runs a command in the place of a member.
inside() {
    local member=$1
    shift
    ip netns exec "$prefix-$member" "$@"
}

address_of() {
    case $1 in
        serf-*) printf '10.66.0.1%s' "${1#*-}" ;;
        sotto-*) printf '10.66.0.2%s' "${1#*-}" ;;
    esac
}

# Skips unless all that the scenarios need can be done here: shown by doing it once.
check_network_rights() {
    local said
    command -v ip >/dev/null || skip 'there is no ip command (package iproute2); -install fetches it'
    command -v nft >/dev/null || skip 'there is no nft command (package nftables); -install fetches it'
    said=$(
        trap 'ip netns del "$prefix-trial" 2>/dev/null' EXIT
        ip netns add "$prefix-trial" 2>&1 &&
            ip -n "$prefix-trial" link add bridge type bridge 2>&1 &&
            ip -n "$prefix-trial" link add one type veth peer name other 2>&1 &&
            faults_of "$loss_rule" | inside trial nft -f - 2>&1
    ) || skip "network namespaces with filters are not allowed here: ${said:-no reason given}"
}

build_network() {
    local member
    {
        ip netns add "$hub" &&
            ip -n "$hub" link add bridge type bridge forward_delay 0 &&
            ip -n "$hub" link set bridge up
    } || fail 'cannot make the hub'
    for member in "${members[@]}"; do
        connect "$member" || fail "cannot connect $member"
        strike "$member" ''
    done
}

connect() {
    local place=$prefix-$1
    ip netns add "$place" &&
        ip -n "$hub" link add "$1" type veth peer name eth0 netns "$place" &&
        ip -n "$hub" link set "$1" master bridge up &&
        ip -n "$place" addr add "$(address_of "$1")/24" dev eth0 &&
        ip -n "$place" link set eth0 up &&
        ip -n "$place" link set lo up
}

# strike MEMBER RULE: from now on this rule, and no other, decides what arrives; an empty one lets everything pass.
strike() { faults_of "$2" | inside "$1" nft -f - || fail "cannot set the faults of $1"; }

# All in one transaction, so that no packet finds half of it.
faults_of() {
    cat <<EOF
table inet faults
delete table inet faults
table inet faults {
    chain arriving {
        type filter hook input priority 0; policy accept;
        iifname "lo" accept
        counter
        $1
    }
}
EOF
}

# heal: everything passes again. What was dropped meanwhile at each kind is left in arrived[KIND] and dropped[KIND].
declare -A arrived dropped
heal() {
    local member kind seen lost
    arrived=([serf]=0 [sotto]=0) dropped=([serf]=0 [sotto]=0)
    for member in "${members[@]}"; do
        kind=${member%-*}
        read -r seen lost <<<"$(inside "$member" nft list table inet faults | awk '
            /counter packets/ { for (i = 1; i < NF; i++) if ($i == "packets") count = $(i + 1) }
            /counter packets/ && /drop/ { lost += count; next }
            /counter packets/ { seen += count }
            END { print seen + 0, lost + 0 }')"
        strike "$member" ''
        arrived[$kind]=$((arrived[$kind] + seen))
        dropped[$kind]=$((dropped[$kind] + lost))
    done
}

remove_network() {
    local place
    for place in $(ip netns list | awk -v p="$prefix-" 'index($1, p) == 1 { print $1 }'); do
        ip netns del "$place"
    done
}

# What a run left that was killed outright: namespaces whose process is gone, and the agents in them.
remove_leftovers() {
    local place owner
    for place in $(ip netns list | awk -v p="$namespaces" 'index($1, p) == 1 { print $1 }'); do
        owner=${place#"$namespaces"}
        owner=${owner%%-*}
        [ -d "/proc/$owner" ] && continue
        say "removing $place, left by a run that was killed"
        # shellcheck disable=SC2046 # Process ids are words.
        kill -KILL $(ip netns pids "$place") 2>/dev/null
        ip netns del "$place"
    done
}
