package io.sotto.agent.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * The completion script for bash 4 and later. It asks for nothing but bash itself: where bash splits a word at {@code =} or
 * {@code :}, it puts the pieces together again.
 */
final class BashCompletion {
    private static final String BEHAVIOUR = """
            _sotto() {
                local current=${COMP_WORDS[COMP_CWORD]} typed=sotto flag='' word index values
                COMPREPLY=()
                for ((index = 1; index < COMP_CWORD; index++)); do
                    word=${COMP_WORDS[index]}
                    if [[ -n $flag ]]; then
                        # The value of a flag; bash gives the = before it as a word of its own.
                        [[ $word == = ]] || flag=''
                    elif [[ $word == -* ]]; then
                        word=${word/#--/-}
                        [[ -n ${_sotto_values["$typed $word"]+x} ]] && flag=$word
                    elif [[ " ${_sotto_words[$typed]} " == *" $word "* ]]; then
                        typed+=" $word"
                        [[ -n ${_sotto_words[$typed]+x} ]] || typed=${typed% *}
                    fi
                done
                if [[ -n $flag ]]; then
                    [[ $current == = ]] && current=''
                    values=${_sotto_values["$typed $flag"]}
                elif [[ $current == --* ]]; then
                    values=" ${_sotto_flags[$typed]}"
                    values=${values// -/ --}
                elif [[ $current == -* ]]; then
                    values=${_sotto_flags[$typed]}
                else
                    values=${_sotto_words[$typed]}
                fi
                if [[ " $values " == *' @files '* ]]; then
                    compopt -o filenames 2>/dev/null
                    mapfile -t COMPREPLY < <(compgen -f -W "${values/@files/}" -- "$current")
                elif [[ -n $values ]]; then
                    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current")
                fi
            }
            complete -F _sotto sotto
            """;

    private BashCompletion() {}

    static String script(CompletionTable table, String version) {
        StringBuilder out = new StringBuilder();
        out.append("# Completes sotto's verbs and flags in bash; printed by `sotto completion bash`, version ")
                .append(version)
                .append(".\n");
        array(out, "_sotto_words", words(table));
        array(out, "_sotto_flags", flags(table));
        array(out, "_sotto_values", values(table));
        return out.append(BEHAVIOUR).toString();
    }

    /** What may stand after the words of a verb, {@code @files} among it where that is a file's name. */
    static List<String[]> words(CompletionTable table) {
        List<String[]> rows = new ArrayList<>();
        for (CompletionTable.Entry entry : table.entries()) {
            rows.add(new String[] {entry.typed(), String.join(" ", entry.words()) + (entry.files() ? " @files" : "")});
        }
        return rows;
    }

    private static List<String[]> flags(CompletionTable table) {
        List<String[]> rows = new ArrayList<>();
        for (CompletionTable.Entry entry : table.entries()) {
            List<String> flags = new ArrayList<>();
            entry.flags().forEach(flag -> flags.add("-" + flag.name()));
            flags.add("-help");
            rows.add(new String[] {entry.typed(), String.join(" ", flags)});
        }
        return rows;
    }

    /** What the value of a flag may be, by the words of the verb and the flag. A switch has none. */
    static List<String[]> values(CompletionTable table) {
        List<String[]> rows = new ArrayList<>();
        for (CompletionTable.Entry entry : table.entries()) {
            for (FlagSet.Shown flag : entry.flags()) {
                if (flag.takesValue()) {
                    Choices values = flag.values();
                    rows.add(new String[] {
                        entry.typed() + " -" + flag.name(), values.files() ? "@files" : String.join(" ", values.words())
                    });
                }
            }
        }
        return rows;
    }

    private static void array(StringBuilder out, String name, List<String[]> rows) {
        out.append("declare -gA ").append(name).append("=(\n");
        for (String[] row : rows) {
            out.append("    ['")
                    .append(row[0])
                    .append("']='")
                    .append(row[1].strip())
                    .append("'\n");
        }
        out.append(")\n");
    }
}
