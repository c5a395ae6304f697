package io.sotto.pki.enrolment;

import java.util.Locale;

/** Why an authority gives no certificate. */
public enum EnrolRefusal {
    /** It has no such token, or the request was not made with it: both look the same to who asks. */
    UNKNOWN_TOKEN("the token is not one of this authority's, or the request was changed on its way"),
    USED("the token has been used; an operator makes another one"),
    EXPIRED("the token has expired; an operator makes another one"),
    SIGNING_REQUEST("the signing request is not one, is not signed by its own key, or has a key of another kind"),
    OVERLOADED("too many ask at once; try again in a moment"),
    UNWRITTEN("the authority cannot write down that the token is used"),
    NO_AUTHORITY("this node has no authority's key");

    private final String text;

    EnrolRefusal(String text) {
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }

    /** As metrics spell it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
