package io.sotto.membership.upshift.drive;

/** Which way an upshift goes. */
public enum UpshiftCourse {
    /** Up, to the last stage. */
    FORWARD,
    /** Called off: everybody goes to the last stage that all had confirmed, and it ends there. */
    BACK
}
