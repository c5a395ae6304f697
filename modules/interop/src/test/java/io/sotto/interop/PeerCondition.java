package io.sotto.interop;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides whether a class marked {@link NeedsPeer} can run; says once per missing peer that it cannot. */
final class PeerCondition implements ExecutionCondition {
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getTestClass(), NeedsPeer.class)
                .map(needs -> evaluate(needs.value()))
                .orElseGet(() -> ConditionEvaluationResult.enabled("needs no peer"));
    }

    private static ConditionEvaluationResult evaluate(String peer) {
        if (Peers.find(peer).isPresent()) {
            return ConditionEvaluationResult.enabled("the real " + peer + " is here");
        }
        String reason = "no real " + peer + " (" + Peers.whyMissing(peer) + ")";
        if (Peers.isRequired(peer)) {
            throw new AssertionError(reason + ", but SOTTO_PEERS_REQUIRED asks for it");
        }
        if (SAID.add(peer)) {
            System.err.println("******** SKIPPED: every test against the real " + peer + ": " + reason + " ********");
        }
        return ConditionEvaluationResult.disabled(reason);
    }
}
