package io.sotto.agent.http;

import io.sotto.rpc.RpcResult;

/** Why a call to the servers has no answer, as the API says it. Source: RPC specification, section 8. */
final class RpcEnd {
    private RpcEnd() {}

    /** The end of a call that has no answer: its text as the body of a 500, or of a 403 where the servers refused it. */
    static Answer failed(RpcResult result) {
        String text = text(result);
        boolean isForbidden = text.contains("Permission denied") || text.contains("ACL not found");
        return Answer.text(isForbidden ? 403 : 500, text);
    }

    private static String text(RpcResult result) {
        if (result instanceof RpcResult.Failed failed) {
            return failed.text();
        }
        if (result instanceof RpcResult.Unreachable unreachable) {
            return unreachable.reason();
        }
        if (result instanceof RpcResult.TimedOut late) {
            return "rpc error making call: no answer within " + DebugConfig.duration(late.after());
        }
        if (result instanceof RpcResult.Overloaded overloaded) {
            return overloaded.reason().contains("rate") ? "RPC rate limit exceeded" : overloaded.reason();
        }
        return "rpc error making call: cancelled";
    }
}
