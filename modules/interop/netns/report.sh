# What was measured, beside what is wanted: a table for people or one JSON object. Sourced by run.
# shellcheck shell=bash disable=SC2034,SC2154 # Each part of run uses names of the others.

all_met=true
rows=()
objects=()
turn=0

# begin NAME TITLE: the figures that follow are this scenario's. The turn tells it from another of the same name.
begin() {
    scenario=$1 title=$2
    turn=$((turn + 1))
    say "$scenario: $title"
}

# figure NAME TEXT "SERF SOTTO" WANTED: one line of the table. WANTED is `at most N`, `at least N`, `fewer than serf` (or
# none, if serf has none), or nothing for a figure that only informs; it is asked of sotto alone.
figure() {
    local serf_has sotto_has met load
    read -r -d '' serf_has sotto_has <<<"$3"
    load=$(cut -d ' ' -f 1 /proc/loadavg)
    met=$(verdict "$4" "$serf_has" "$sotto_has")
    [ "$met" = false ] && all_met=false
    rows+=("$title|$2|$serf_has|$sotto_has|${4:--}|$(spelled "$met")")
    objects+=("$(printf '{"scenario":"%s","figure":"%s","serf":%s,"sotto":%s,"wanted":"%s","met":%s,"load":%s}' \
        "$scenario" "$1" "$(json "$serf_has")" "$(json "$sotto_has")" "$4" "$met" "$load")")
    say "$scenario: $2: serf $serf_has, sotto $sotto_has${4:+ ($4: $(spelled "$met"))}"
}

# verdict WANTED SERF SOTTO: true, false, or null if nothing is wanted.
verdict() {
    case $1/$3 in
        /*) echo null ;;
        */never) echo false ;;
        'at most '*) holds "$3 <= ${1##* }" ;;
        'at least '*) holds "$3 >= ${1##* }" ;;
        'fewer than serf'/*) holds "$3 == 0 || $3 < $2" ;;
    esac
}

holds() { if (($1)); then echo true; else echo false; fi; }

spelled() { case $1 in true) echo MET ;; false) echo 'NOT MET' ;; null) echo - ;; esac; }

json() { case $1 in never) echo null ;; *) echo "$1" ;; esac; }

# To standard output as asked for; the object is kept beside the logs in any case.
report() {
    object >"$work/report.json"
    if [ "$format" = json ]; then object; else table; fi
}

object() {
    local IFS=,
    printf '{"serf_version":"%s","form":"%s","processors":%s,"met":%s,"figures":[%s]}\n' \
        "$serf_version" "$form" "$(nproc)" "$all_met" "${objects[*]}"
}

# In Markdown, padded to be read as it is.
table() {
    local row before='' cells
    line() { printf '| %-22s | %-40s | %12s | %8s | %-15s | %-7s |\n' "$@"; }
    line test figure "serf ${serf_version%%-*}" sotto wanted ''
    line --- --- ---: ---: --- ---
    for row in "${rows[@]}"; do
        IFS='|' read -ra cells <<<"$row"
        [ "${cells[0]}" = "$before" ] && cells[0]='' || before=${cells[0]}
        line "${cells[@]}"
    done
}
