package io.sotto.agent.http;

/** How the structs of the catalog look in JSON. Source: golden/http-servers, taken from a real agent. */
final class WireForms {
    private static final JsonForm PROXY = JsonForm.of(
                    "DestinationServiceName?",
                    "DestinationServiceID?",
                    "LocalServiceAddress?",
                    "LocalServicePort?",
                    "Config?",
                    "Upstreams?",
                    "MeshGateway",
                    "Expose")
            .with("MeshGateway", JsonForm.of("Mode?"))
            .with("Expose", JsonForm.of("Checks?", "Paths?"));
    private static final JsonForm CONNECT = JsonForm.of("Native?", "SidecarService?");
    private static final JsonForm DEFINITION = JsonForm.of(
                    "Interval?",
                    "OutputMaxSize?",
                    "Timeout?",
                    "DeregisterCriticalServiceAfter?",
                    "HTTP?",
                    "TLSSkipVerify?",
                    "Header?",
                    "Method?",
                    "Body?",
                    "TCP?",
                    "ScriptArgs?",
                    "DockerContainerID?",
                    "Shell?",
                    "GRPC?",
                    "GRPCUseTLS?",
                    "AliasNode?",
                    "AliasService?",
                    "TTL?")
            .inWords("Interval", "Timeout", "DeregisterCriticalServiceAfter");

    static final JsonForm NODE =
            JsonForm.of("ID", "Node", "Address", "Datacenter", "TaggedAddresses", "Meta", "CreateIndex", "ModifyIndex");
    static final JsonForm SERVICE = JsonForm.of(
                    "Kind?",
                    "ID",
                    "Service",
                    "Tags[]",
                    "Address",
                    "TaggedAddresses?",
                    "Meta",
                    "Port",
                    "Weights",
                    "EnableTagOverride",
                    "Proxy",
                    "Connect",
                    "CreateIndex",
                    "ModifyIndex")
            .with("Proxy", PROXY)
            .with("Connect", CONNECT);
    static final JsonForm SERVICE_NODE = JsonForm.of(
                    "ID",
                    "Node",
                    "Address",
                    "Datacenter",
                    "TaggedAddresses",
                    "NodeMeta",
                    "ServiceKind",
                    "ServiceID",
                    "ServiceName",
                    "ServiceTags[]",
                    "ServiceAddress",
                    "ServiceTaggedAddresses?",
                    "ServiceWeights",
                    "ServiceMeta",
                    "ServicePort",
                    "ServiceEnableTagOverride",
                    "ServiceProxy",
                    "ServiceConnect",
                    "CreateIndex",
                    "ModifyIndex")
            .with("ServiceProxy", PROXY)
            .with("ServiceConnect", CONNECT);
    static final JsonForm CHECK = JsonForm.of(
                    "Node",
                    "CheckID",
                    "Name",
                    "Status",
                    "Notes",
                    "Output",
                    "ServiceID",
                    "ServiceName",
                    "ServiceTags[]",
                    "Type",
                    "Definition",
                    "CreateIndex",
                    "ModifyIndex")
            .with("Definition", DEFINITION);
    static final JsonForm SERVICE_HEALTH = JsonForm.of("Node", "Service", "Checks[]")
            .with("Node", NODE)
            .with("Service", SERVICE)
            .with("Checks", CHECK);
    static final JsonForm SESSION = JsonForm.of(
            "ID",
            "Name",
            "Node",
            "LockDelay",
            "Behavior",
            "TTL",
            "NodeChecks",
            "ServiceChecks",
            "CreateIndex",
            "ModifyIndex");

    /** What is written: the same names, and those of the requests. */
    static final JsonForm REGISTER = JsonForm.of(
                    "Datacenter",
                    "ID",
                    "Node",
                    "Address",
                    "TaggedAddresses",
                    "NodeMeta",
                    "Service",
                    "Check",
                    "Checks",
                    "SkipNodeUpdate")
            .with("Service", SERVICE)
            .with("Check", CHECK)
            .with("Checks", CHECK);

    static final JsonForm DEREGISTER = JsonForm.of("Datacenter", "Node", "ServiceID", "CheckID");
    static final JsonForm NEW_SESSION =
            JsonForm.of("Name", "Node", "LockDelay", "Behavior", "TTL", "NodeChecks", "ServiceChecks", "Checks", "ID");
    static final JsonForm COORDINATE =
            JsonForm.of("Node", "Segment", "Coord").with("Coord", JsonForm.of("Vec", "Error", "Adjustment", "Height"));
    static final JsonForm OF_DATACENTER =
            JsonForm.of("Datacenter", "AreaID", "Coordinates").with("Coordinates", COORDINATE);

    private WireForms() {}
}
