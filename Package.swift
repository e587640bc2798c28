// swift-tools-version: 6.2
import PackageDescription

// Five floors; an arrow goes only downwards. A folder a floor, a target a room.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A C library: a module map and a shim header, no code.
func library(_ name: String, pkgConfig: String? = nil, apt: String? = nil) -> Target {
    .systemLibrary(
        name: name, path: "Sources/Libraries/\(name)", pkgConfig: pkgConfig,
        providers: apt.map { [.apt([$0])] })
}

/// A room of the floor `floor`.
func room(
    _ floor: String, _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [],
    linkerSettings: [LinkerSetting] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(floor)/\(name)", resources: resources,
        swiftSettings: strict, linkerSettings: [.linkedLibrary("m")] + linkerSettings)
}

/// The tests of one target.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: strict)
}

let libraries: [Target] = [
    library("CKafka", pkgConfig: "rdkafka", apt: "librdkafka-dev"),
    library("CPostgres", pkgConfig: "libpq", apt: "libpq-dev"),
    library("COpenSSL", pkgConfig: "openssl", apt: "libssl-dev"),
    library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
    library("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
    library("CLinux"),
]

let systems: [Target] = [
    room("Systems", "Linux", ["CLinux"]),
    room("Systems", "Reactor", ["Linux"]),
    room(
        "Systems", "Kafka", ["CKafka"],
        // So that librdkafka finds the `bind` of WantedBind.swift in the executable.
        linkerSettings: [.unsafeFlags(["-Xlinker", "--export-dynamic-symbol=bind"])]),
    room("Systems", "Postgres", ["CPostgres"]),
    room("Systems", "Crypto", ["COpenSSL"]),
    room("Systems", "Deflate", ["CZlib"]),
    room("Systems", "YAML", ["CYAML"]),
    room("Systems", "Logging", ["Linux"]),
]

let protocols: [Target] = [
    room("Protocols", "JSON", []),
    room("Protocols", "HTTP", []),
    room("Protocols", "Prometheus", []),
    room("Protocols", "WebSocket", []),
    room("Protocols", "Stomp", []),
    room("Protocols", "SockJS", ["JSON", "HTTP"]),
    room("Protocols", "Flags", []),
]

let core: [Target] = [
    room("Core", "Chat", ["JSON"]),
    room("Core", "FrontCore", ["Chat", "JSON", "Stomp", "WebSocket", "HTTP", "SockJS", "Crypto", "Prometheus"]),
    room("Core", "BackendCore", ["Chat", "JSON", "Crypto"]),
]

let services: [Target] = [
    room(
        "Services", "Front",
        [
            "FrontCore", "Chat", "JSON", "HTTP", "Prometheus", "WebSocket", "SockJS", "Stomp", "Reactor", "Linux",
            "Kafka", "Topics",
            "Crypto", "Deflate", "Logging",
        ]),
    // topics.yaml is a link to the one at the top level.
    room(
        "Services", "Topics", ["Chat", "Kafka", "YAML", "Linux"], resources: [.embedInCode("topics.yaml")]),
    room(
        "Services", "Backend",
        [
            "BackendCore", "Chat", "JSON", "HTTP", "Prometheus", "Kafka", "Postgres", "Crypto", "Linux", "Reactor",
            "Logging",
        ]),
    room("Services", "Broker", ["Chat", "Kafka", "Linux", "Logging"]),
    room("Services", "Supervisor", ["Linux", "Crypto", "JSON", "HTTP", "Postgres", "Logging"]),
    room(
        "Services", "Doctor", ["Topics", "Backend", "Kafka", "Postgres", "Crypto", "Deflate", "YAML", "Linux"]),
    room("Services", "Client", ["JSON", "HTTP", "WebSocket", "Stomp", "Linux", "Crypto"]),
    room("Services", "Bench", ["Client", "JSON", "HTTP", "WebSocket", "Linux", "Reactor", "Logging", "Crypto"]),
]

let executable: [Target] = [
    .executableTarget(
        name: "madang",
        dependencies: [
            "Front", "Backend", "Broker", "Topics", "Supervisor", "Client", "Bench", "Chat", "Kafka", "Postgres",
            "Linux", "Logging", "YAML", "Flags", "Doctor", "Crypto",
        ],
        path: "Sources/Madang", swiftSettings: strict)
]

let support: [Target] = [
    .target(
        name: "TestSupport", dependencies: ["Linux", "JSON"], path: "Tests/TestSupport", swiftSettings: strict)
]

let suites: [Target] = [
    tests("LinuxTests", ["Linux", "TestSupport"]),
    tests("ReactorTests", ["Reactor", "Linux", "TestSupport"]),
    tests("KafkaTests", ["Kafka", "TestSupport"]),
    tests("PostgresTests", ["Postgres", "TestSupport"]),
    tests("CryptoTests", ["Crypto", "Linux"]),
    tests("DeflateTests", ["Deflate", "TestSupport"]),
    tests("YAMLTests", ["YAML"]),
    tests("LoggingTests", ["Logging"]),
    tests("JSONTests", ["JSON", "TestSupport"]),
    tests("PrometheusTests", ["Prometheus"]),
    tests("HTTPTests", ["HTTP", "TestSupport"]),
    tests("WebSocketTests", ["WebSocket", "Deflate", "TestSupport"]),
    tests("StompTests", ["Stomp", "TestSupport"]),
    tests("SockJSTests", ["SockJS", "TestSupport"]),
    tests("FlagsTests", ["Flags"]),
    tests("ChatTests", ["Chat", "JSON", "TestSupport"]),
    tests(
        "FrontCoreTests",
        ["FrontCore", "BackendCore", "Chat", "JSON", "Stomp", "HTTP", "Crypto", "TestSupport"]),
    tests("BackendCoreTests", ["BackendCore", "Chat", "Crypto", "JSON", "TestSupport"]),
    tests("FrontTests", ["Front", "FrontCore", "Crypto", "TestSupport"]),
    tests("TopicsTests", ["Topics", "Chat", "Kafka", "YAML", "TestSupport"]),
    tests(
        "BackendTests",
        [
            "Backend", "BackendCore", "Chat", "Crypto", "JSON", "Kafka", "Postgres", "Linux", "Logging", "TestSupport",
        ]),
    tests("BrokerTests", ["Broker", "Kafka", "TestSupport"]),
    tests("SupervisorTests", ["Supervisor", "Linux", "TestSupport"]),
    tests("ClientTests", ["Client", "Stomp", "HTTP", "JSON", "WebSocket", "Crypto", "Linux", "TestSupport"]),
    tests("DoctorTests", ["Doctor", "Topics", "Postgres", "TestSupport"]),
    tests("BenchTests", ["Bench", "JSON", "TestSupport"]),
    tests("Integration", ["madang", "Client", "Stomp", "JSON", "HTTP", "Postgres", "Kafka", "Linux", "TestSupport"]),
    tests("Tidy", ["madang", "Flags"]),
]

let package = Package(
    name: "madang",
    products: [.executable(name: "madang", targets: ["madang"])],
    targets: libraries + systems + protocols + core + services + executable + support + suites)
