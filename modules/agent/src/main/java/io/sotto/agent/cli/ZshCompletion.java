package io.sotto.agent.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The completion script for zsh 5.1 and later, with what each verb and flag does. It works as an autoloaded file of {@code
 * fpath} and when it is sourced.
 */
final class ZshCompletion {
    private static final String BEHAVIOUR = """
            _sotto() {
                local current=${words[CURRENT]} typed=sotto flag='' word values
                local -a offers
                integer index
                for ((index = 2; index < CURRENT; index++)); do
                    word=${words[index]}
                    if [[ -n $flag ]]; then
                        flag=''
                    elif [[ $word == -*=* ]]; then
                        continue
                    elif [[ $word == -* ]]; then
                        word="-${${word#-}#-}"
                        [[ -n ${_sotto_values[$typed $word]+x} ]] && flag=$word
                    elif [[ " ${_sotto_words[$typed]} " == *" $word "* ]]; then
                        typed+=" $word"
                        [[ -n ${_sotto_words[$typed]+x} ]] || typed=${typed% *}
                    fi
                done
                if [[ -z $flag && $current == -*=* ]]; then
                    word=${current%%=*}
                    flag="-${${word#-}#-}"
                    compset -P 1 '*='
                fi
                if [[ -n $flag ]]; then
                    values=${_sotto_values[$typed $flag]}
                    if [[ $values == @files ]]; then
                        _files
                    elif [[ -n $values ]]; then
                        compadd -- ${=values}
                    fi
                elif [[ $current == -* ]]; then
                    offers=(${(f)_sotto_flags[$typed]})
                    [[ $current == --* ]] && offers=(-${^offers})
                    _describe -o flag offers
                else
                    if [[ $typed == sotto || $typed == 'sotto help' ]]; then
                        offers=(${(f)_sotto_verbs})
                        _describe verb offers
                    else
                        values=${_sotto_words[$typed]/@files/}
                        [[ -n ${values// /} ]] && compadd -- ${=values}
                        [[ ${_sotto_words[$typed]} == *@files ]] && _files
                    fi
                fi
            }
            if [[ ${funcstack[1]} == _sotto ]]; then
                _sotto "$@"
            else
                (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
                compdef _sotto sotto
            fi
            """;

    private ZshCompletion() {}

    static String script(CompletionTable table, String version) {
        StringBuilder out = new StringBuilder();
        out.append("#compdef sotto\n");
        out.append("# Completes sotto's verbs and flags in zsh; printed by `sotto completion zsh`, version ")
                .append(version)
                .append(".\n");
        array(out, "_sotto_words", BashCompletion.words(table));
        array(out, "_sotto_flags", flags(table));
        array(out, "_sotto_values", BashCompletion.values(table));
        Map<String, String> descriptions = CompletionTable.descriptions();
        List<String> verbs = new ArrayList<>();
        for (String name : Verbs.NAMES) {
            verbs.add(offer(name, descriptions.getOrDefault(name, "")));
        }
        out.append("typeset -g _sotto_verbs=")
                .append(quoted(String.join("\n", verbs)))
                .append('\n');
        return out.append(BEHAVIOUR).toString();
    }

    private static List<String[]> flags(CompletionTable table) {
        List<String[]> rows = new ArrayList<>();
        for (CompletionTable.Entry entry : table.entries()) {
            List<String> flags = new ArrayList<>();
            entry.flags().forEach(flag -> flags.add(offer("-" + flag.name(), flag.help())));
            flags.add(offer("-help", "Show what it does and all its flags."));
            rows.add(new String[] {entry.typed(), String.join("\n", flags)});
        }
        return rows;
    }

    /** A word and what it does, as zsh's {@code _describe} takes them. */
    private static String offer(String word, String does) {
        return word.replace(":", "\\:") + ":" + does.replace("\\", "\\\\").replace(":", "\\:");
    }

    private static void array(StringBuilder out, String name, List<String[]> rows) {
        out.append("typeset -gA ").append(name).append("=(\n");
        for (String[] row : rows) {
            out.append("    ")
                    .append(quoted(row[0]))
                    .append(' ')
                    .append(quoted(row[1].strip()))
                    .append('\n');
        }
        out.append(")\n");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
