package import YAML

extension TopicList {
    /// Reads the text of a topics.yaml. Throws where it is no YAML, a field is missing, unknown or not of its kind, or
    /// a topic is there twice.
    package init(yaml bytes: [UInt8]) throws(YAMLError) {
        let root = try YAMLParser.parse(bytes)
        try Self.allow(["version", "defaults", "topics"], in: root)
        guard root["version"]?.integer == 1 else { throw Self.error(root["version"] ?? root, "version must be 1") }
        let defaults = root["defaults"]
        if let defaults { try Self.allow(["replicationFactor", "configs"], in: defaults) }
        guard let list = root["topics"]?.elements, !list.isEmpty else {
            throw Self.error(root["topics"] ?? root, "topics must be a list with at least one topic")
        }
        topics = []
        for node in list {
            let topic = try Self.topic(node, defaults: defaults)
            if self[name: topic.name] != nil { throw Self.error(node, "the topic \(topic.name) is there twice") }
            topics.append(topic)
        }
    }

    private static func topic(_ node: YAMLNode, defaults: YAMLNode?) throws(YAMLError) -> TopicDeclaration {
        let fields: Set = [
            "name", "what", "partitions", "replicationFactor", "configs", "key", "producers", "consumers", "payloads",
        ]
        try allow(fields, in: node)
        var configs = try texts(defaults?["configs"], at: node)
        for (name, value) in try texts(node["configs"], at: node) { configs[name] = value }
        let replication = node["replicationFactor"] ?? defaults?["replicationFactor"]
        return TopicDeclaration(
            name: try text(node, "name"), what: node["what"]?.text ?? "",
            partitions: try count(node["partitions"], "partitions", 1...10_000, at: node),
            replicationFactor: try count(replication, "replicationFactor", 1...100, at: node),
            configs: configs.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: $0.value) },
            key: try text(node, "key"), producers: try list(node, "producers"), consumers: try list(node, "consumers"),
            payloads: (node["payloads"]?.entries ?? []).map { .init(type: $0.key, shape: $0.value.text ?? "") })
    }

    private static func allow(_ names: Set<String>, in node: YAMLNode) throws(YAMLError) {
        guard let entries = node.entries else { throw error(node, "must be a mapping") }
        for entry in entries where !names.contains(entry.key) {
            let accepted = names.sorted().joined(separator: ", ")
            throw error(entry.value, "unknown field '\(entry.key)'; accepted are \(accepted)")
        }
    }

    private static func text(_ node: YAMLNode, _ name: String) throws(YAMLError) -> String {
        guard let text = node[name]?.text, !text.isEmpty else {
            throw error(node[name] ?? node, "\(name) must be a text")
        }
        return text
    }

    private static func list(_ node: YAMLNode, _ name: String) throws(YAMLError) -> [String] {
        guard let elements = node[name]?.elements else { throw error(node[name] ?? node, "\(name) must be a list") }
        return elements.compactMap(\.text)
    }

    private static func count(
        _ value: YAMLNode?, _ name: String, _ range: ClosedRange<Int>, at node: YAMLNode
    ) throws(YAMLError) -> Int {
        guard let number = value?.integer, range.contains(number) else {
            throw error(value ?? node, "\(name) must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func texts(_ value: YAMLNode?, at node: YAMLNode) throws(YAMLError) -> [String: String] {
        guard let value else { return [:] }
        guard let entries = value.entries else { throw error(value, "configs must be a mapping") }
        var texts: [String: String] = [:]
        for entry in entries {
            guard let text = entry.value.text else { throw error(entry.value, "\(entry.key) must be a text") }
            texts[entry.key] = text
        }
        return texts
    }

    private static func error(_ node: YAMLNode, _ message: String) -> YAMLError {
        YAMLError(message, line: node.line, column: node.column)
    }
}
