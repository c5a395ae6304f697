package io.sotto.agent.access;

/** No access control. */
enum OpenAccess implements AccessControl {
    INSTANCE;

    private static final Decision GRANTED = new Decision.Granted(Rights.ALL);

    @Override
    public Decision admit(AccessCall call) {
        return GRANTED;
    }

    /** Nobody is known here, but what was done is worth a line all the same. */
    @Override
    public void ended(AccessCall call, int status) {
        if (AuditLog.isPrivileged(call)) {
            AuditLog.write(call, "anybody", "" + status);
        }
    }
}
