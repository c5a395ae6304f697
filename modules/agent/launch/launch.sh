# What both launchers share, the one beside the sources and the one of an archive: which Java, its options, and the
# class-data archives that make starts quick. Read by them, never run; they define `fail`.
# shellcheck shell=sh
main=io.sotto.agent.cli.Main

# --- Java -------------------------------------------------------------------------------------------------------------

# find_java PACKAGE: sets java, jdk and java_version, or fails with the package to install.
find_java() {
    jdk_package=$1
    if [ -n "${JAVA_HOME:-}" ]; then
        java=$JAVA_HOME/bin/java
        [ -x "$java" ] || fail "JAVA_HOME has no bin/java ($JAVA_HOME): install the package $jdk_package, or unset it"
    else
        java=$(command -v java) || fail "no Java found: install the package $jdk_package"
    fi

    # Reads the version from the JDK's own `release` file, which costs nothing; asks the JVM where there is none.
    java_file=$(readlink -f "$java" 2>/dev/null) || java_file=$java
    jdk=${java_file%/bin/java}
    java_version=
    if [ -r "$jdk/release" ]; then
        while IFS='=' read -r key value; do
            [ "$key" = JAVA_RUNTIME_VERSION ] && java_version=$value && break
            [ "$key" = JAVA_VERSION ] && java_version=$value
        done <"$jdk/release"
    else
        java_version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
    fi
    java_version=${java_version#\"}
    java_version=${java_version%\"}
    java_major=${java_version#1.}
    java_major=${java_major%%[!0-9]*}
    if [ "${java_major:-0}" -lt 17 ] || [ "$java_major" -gt 21 ]; then
        fail "needs a JDK 17 to 21, found ${java_version:-none} ($java): install the package $jdk_package and set JAVA_HOME to it"
    fi
}

# --- options ----------------------------------------------------------------------------------------------------------

# An agent lives long: its code is compiled in full, its memory kept small. A verb is over before either would matter.
# What runs once, at the start, is not worth compiling: the thresholds leave it to the interpreter, and a busy path still
# passes them within seconds.
agent_options='-XX:+UseSerialGC -Xss256k -Xms16m -Xmx256m -XX:CompileThresholdScaling=5 -Xlog:disable -Xlog:all=warning:stderr'
# A verb maps its archive where it was made for; moving it, which hides addresses from an attacker, is for who lives long.
cli_options='-XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -XX:+UseG1GC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xmx128m -Xlog:disable -Xlog:all=error:stderr'
common_options='-Xshare:auto -Dfile.encoding=UTF-8'

# class_path DIRECTORY: sets classpath to its jars, the agent's own first.
class_path() {
    classpath=
    for jar in "$1"/sotto-agent*.jar "$1"/*.jar; do
        case :$classpath: in
            *:"$jar":*) ;;
            *) classpath=${classpath:+$classpath:}$jar ;;
        esac
    done
}

# Quotes a value for java's argument files.
quoted() { printf '"%s"\n' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"; }

# write_args DIRECTORY NAME OPTION...: the JVM's options in DIRECTORY/NAME.args, with the archive NAME.jsa if it is there, so
# that a start need not put them together.
write_args() {
    args_file=$1/$2.args
    archive=$1/$2.jsa
    shift 2
    {
        [ -f "$archive" ] && quoted "-XX:SharedArchiveFile=$archive"
        # shellcheck disable=SC2086 # The options are words.
        printf '%s\n' "$@" $common_options -cp
        quoted "$classpath"
    } >"$args_file.new"
    mv -f "$args_file.new" "$args_file"
}

# --- quick starts -----------------------------------------------------------------------------------------------------

# prepare_starts DIRECTORY: writes agent.args and cli.args there for the class path that was set, and the archives that they
# name. Its own output is a log. In a shell of its own, which leaves what the caller set to talk to an agent, or to systemd,
# out of the training.
prepare_starts() (
    into=$1
    for variable in $(env | sed -n 's/^\(\(SOTTO\|CONSUL\)_[A-Z_]*\)=.*/\1/p') NOTIFY_SOCKET CREDENTIALS_DIRECTORY; do
        unset "$variable"
    done
    # shellcheck disable=SC2086 # The options are words.
    {
        write_args "$into" agent $agent_options
        write_args "$into" cli $cli_options
        make_archives
        write_args "$into" agent $agent_options
        write_args "$into" cli $cli_options
    }
)

# Class-data archives, from one agent's life on a loopback address of its own and from the verbs around it. They make
# starts quick and change nothing else: without them everything works, more slowly.
make_archives() {
    train=$into/training
    address=127.$((83 + $$ % 100)).$(($$ / 100 % 200 + 1)).$(($$ % 200 + 1))
    mkdir -p "$train"
    "$java" -XX:ArchiveClassesAtExit="$into/agent.jsa" "@$into/agent.args" $main agent -dev -node training \
        -bind "$address" -client "$address" >"$train/agent.out" 2>&1 9>&- &
    training=$!
    trap 'kill -9 "$training" 2>/dev/null; exit 130' INT TERM HUP
    waits=0
    until "$java" "@$into/cli.args" $main members -http-addr "$address:8500" >/dev/null 2>&1; do
        waits=$((waits + 1))
        [ "$waits" -le 60 ] && kill -0 "$training" 2>/dev/null || break
        sleep 0.25
    done
    classes() {
        "$java" -XX:DumpLoadedClassList="$train/$1.classes" "@$into/cli.args" $main "$@" >"$train/$1.out" 2>&1 9>&-
    }
    classes keygen
    classes version
    classes members -http-addr "$address:8500"
    classes info -http-addr "$address:8500"
    kill -TERM "$training" 2>/dev/null
    (sleep 20 && kill -9 "$training") >/dev/null 2>&1 9>&- &
    guard=$!
    wait "$training"
    kill "$guard" 2>/dev/null
    trap - INT TERM HUP
    cat "$train"/*.classes >"$train/all"
    "$java" -Xshare:dump -XX:SharedClassListFile="$train/all" -XX:SharedArchiveFile="$into/cli.jsa" \
        "@$into/cli.args" 9>&-
    # Both must be of use to the JVM that will run, or they are left out.
    for archive in agent cli; do
        if ! "$java" -Xshare:on -XX:SharedArchiveFile="$into/$archive.jsa" "@$into/$archive.args" $main version >/dev/null
        then
            rm -f "$into/$archive.jsa"
            printf 'no archive for %s; the training said:\n' "$archive"
            cat "$train"/*.out
        fi
    done
    rm -rf "$train"
}

# --- running ----------------------------------------------------------------------------------------------------------

# become WORD...: replaces this shell by the program, with the prepared options of $starts, or without where that is empty.
become() {
    case ${1:-} in
        agent | demo) kind=agent options=$agent_options ;;
        *) kind=cli options=$cli_options ;;
    esac
    # shellcheck disable=SC2086 # The options are words.
    if [ -n "$starts" ]; then
        exec "$java" "@$starts/$kind.args" ${SOTTO_JAVA_OPTS:-} $main "$@"
    else
        exec "$java" $options $common_options -cp "$classpath" ${SOTTO_JAVA_OPTS:-} $main "$@"
    fi
}
