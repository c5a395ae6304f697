# The scenarios: which fault, for how long, what counts. Sourced by run.
#
# No agent ends or breaks in any of them, so each member that is announced as failed while it could be reached is a false
# failure. Victims are numbers: the same member of either pool. Targets are those of the security rules.
# shellcheck shell=bash disable=SC2034,SC2154 # Each part of run uses names of the others.

scenarios=(loss-10 loss-20 loss-30 loss-40 one-way deaf split stall-2 stall-4 stall-15)
victim=3

scenario() {
    case $1 in
        loss-*) loss "${1#loss-}" ;;
        one-way) one_way_cut 45 ;;
        deaf) deaf_member 40 ;;
        split) split_and_heal 60 ;;
        stall-*) stalled_member "${1#stall-}" ;;
    esac
}

# A scenario starts from whole pools whose members are well: after much loss their health takes its time.
rest_before() {
    say "$1: waiting for whole and calm pools"
    await_whole 90
    await_calm 90
    pause 3
    mark_logs
}

# loss PERCENT: of all that arrives anywhere.
loss() {
    local member seconds=180 most
    [ "$form" = short ] && seconds=60
    case $1 in 10 | 20) most=0 ;; 30) most=1 ;; 40) most=3 ;; esac
    begin "loss-$1" "$1 % loss, $seconds s"
    for member in "${members[@]}"; do
        strike "$member" "numgen random mod 100 < $1 counter drop"
    done
    pause "$seconds"
    heal_and_watch
    figure false_failures 'false failures' "$(count '^failed KIND-')" "at most $most"
    figure suspicions 'suspicions' "$(count '^suspected KIND-')" 'fewer than serf'
}

# Nothing of one member's reaches another; the way back is open, and so are those over the other members.
one_way_cut() {
    local kind
    begin one-way "one-way cut, $1 s"
    for kind in serf sotto; do
        strike "$kind-$victim" "ip saddr $(address_of "$kind-2") counter drop"
    done
    pause "$1"
    heal_and_watch
    figure false_failures 'false failures' "$(count '^failed KIND-')" 'at most 0'
    figure suspicions 'suspicions' "$(count '^suspected KIND-')" ''
}

# Nothing at all reaches one member. The others are right to announce it as failed, and it has no reason to blame them.
deaf_member() {
    local kind
    begin deaf "deaf member, $1 s"
    for kind in serf sotto; do
        strike "$kind-$victim" 'counter drop'
    done
    pause "$1"
    heal_and_watch
    figure others_failed 'false failures among the others' "$(count '^failed KIND-[^V] KIND-[^V]')" 'at most 0'
    blame 'the deaf one'
}

# Three here, two there.
split_and_heal() {
    local kind here there number
    begin split "split 3+2, $1 s"
    for kind in serf sotto; do
        here=$(address_of "$kind-1"),$(address_of "$kind-2"),$(address_of "$kind-3")
        there=$(address_of "$kind-4"),$(address_of "$kind-5")
        for number in 1 2 3; do strike "$kind-$number" "ip saddr { $there } counter drop"; done
        for number in 4 5; do strike "$kind-$number" "ip saddr { $here } counter drop"; done
    done
    pause "$1"
    heal_and_watch
    figure noticed 'failures announced across' "$(count '^failed KIND-[123] KIND-[45]\|^failed KIND-[45] KIND-[123]')" 'at least 12'
    figure same_side 'false failures on one side' \
        "$(count '^failed KIND-[123] KIND-[123]\|^failed KIND-[45] KIND-[45]')" 'at most 0'
    figure healed_ms 'healed after, ms' "$(whole_times)" 'at most 8000'
}

# One member does not run for a while, as in a long collection of garbage. For 2 and 4 s that is no reason to give it up.
stalled_member() {
    begin "stall-$1" "stalled member, $1 s"
    stall "$victim"
    pause "$1"
    resume "$victim"
    watch_pools
    if [ "$1" -le 4 ]; then
        figure false_failures 'false failures' "$(count '^failed KIND-')" 'at most 0'
    else
        figure announced 'announced as failed' "$(count '^failed KIND-[^V] KIND-V')" 'at least 4'
        figure others_failed 'false failures among the others' "$(count '^failed KIND-. KIND-[^V]')" 'at most 0'
        figure back_ms 'back after, ms' "$(whole_times)" 'at most 60000'
    fi
    blame 'the stalled one'
}

# --- what they share --------------------------------------------------------------------------------------------------

# Lets everything pass again, and fails if the fault was none.
heal_and_watch() {
    local kind
    heal
    for kind in serf sotto; do
        say "$scenario: $kind lost ${dropped[$kind]} of ${arrived[$kind]} packets"
        [ "${dropped[$kind]}" -gt 0 ] || fail "no packet of $kind was dropped in $scenario"
    done
    watch_pools
}

# What the fault started may still end badly once it is over, so the logs count until the pools have been whole for 10 s.
# The ledgers tell the reader why; no figure comes from them.
watch_pools() {
    local number
    await_whole 60
    pause 10
    accusations >"$work/$turn-$scenario.accusations"
    for number in 1 2 3 4 5; do
        over_http "sotto-$number" /v1/agent/suspicions | tail -n 1
    done >"$work/$turn-$scenario.ledgers"
}

# count PATTERN: how many lines of the accusations match, at serf and at sotto; KIND stands for either, V for the victim.
count() {
    local kind pattern
    for kind in serf sotto; do
        pattern=${1//KIND/$kind}
        grep -c -e "${pattern//V/$victim}" "$work/$turn-$scenario.accusations"
    done
}

whole_times() { printf '%s\n' "${whole_after[serf]:-never}" "${whole_after[sotto]:-never}"; }

# blame WHO: how often the victim accused anybody. It never has a reason to.
blame() {
    figure failed_by_it "failures announced by $1" "$(count '^failed KIND-V ')" 'at most 0'
    figure suspected_by_it "suspicions raised by $1" "$(count '^suspected KIND-V ')" 'at most 0'
}
