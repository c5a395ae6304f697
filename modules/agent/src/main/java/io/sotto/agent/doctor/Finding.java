package io.sotto.agent.doctor;

/**
 * One thing that is not as it should be. Holds no secret; names that come from the network are as they came.
 *
 * @param where the member, file, address or setting
 * @param what is wrong with it, in one sentence without a full stop
 * @param mend the command that mends it, or the setting and the command that takes it up
 */
public record Finding(Severity severity, String where, String what, String mend) {
    static Finding problem(String where, String what, String mend) {
        return new Finding(Severity.PROBLEM, where, what, mend);
    }

    static Finding warning(String where, String what, String mend) {
        return new Finding(Severity.WARNING, where, what, mend);
    }

    static Finding note(String where, String what, String mend) {
        return new Finding(Severity.NOTE, where, what, mend);
    }
}
