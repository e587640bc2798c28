internal import CYAML

/// Reads one YAML document with libyaml. Aliases and tags are refused: a list of topics needs none.
package struct YAMLParser: ~Copyable {
    /// Deeper documents are refused.
    package static let depthMax = 32

    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// The value of the one document in `bytes`. Throws where it is no YAML, empty, more than one document, deeper than
    /// `depthMax`, names a key twice, or uses an alias.
    package static func parse(_ bytes: [UInt8]) throws(YAMLError) -> YAMLNode {
        let outcome: Result<YAMLNode, YAMLError> = bytes.withUnsafeBufferPointer { buffer in
            Result { () throws(YAMLError) in
                let parser = try YAMLParser(buffer)
                return try parser.document()
            }
        }
        return try outcome.get()
    }

    /// libyaml keeps the pointer, so `input` must live as long as this.
    private init(_ input: UnsafeBufferPointer<UInt8>) throws(YAMLError) {
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw YAMLError("no memory", line: 1, column: 1)
        }
        yaml_parser_set_input_string(parser, input.baseAddress ?? Self.nothing, input.count)
    }

    /// What an empty text has for an address.
    private static var nothing: UnsafePointer<UInt8> { UnsafePointer(bitPattern: 1).unsafelyUnwrapped }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    private func document() throws(YAMLError) -> YAMLNode {
        _ = try next()
        var event = try next()
        guard event.kind == .documentStart else { throw event.error("the document is empty") }
        let node = try node(try next(), depth: 0)
        _ = try next()
        event = try next()
        guard event.kind == .streamEnd else { throw event.error("there is more than one document") }
        return node
    }

    private func node(_ event: Event, depth: Int) throws(YAMLError) -> YAMLNode {
        guard depth < Self.depthMax else { throw event.error("deeper than \(Self.depthMax)") }
        switch event.kind {
        case .scalar(let text, let isPlain): return event.node(.scalar(text, isPlain: isPlain))
        case .sequenceStart:
            var elements: [YAMLNode] = []
            var element = try next()
            while element.kind != .sequenceEnd {
                elements.append(try node(element, depth: depth + 1))
                element = try next()
            }
            return event.node(.sequence(elements))
        case .mappingStart: return event.node(.mapping(try entries(depth: depth)))
        case .alias: throw event.error("aliases are not read here")
        default: throw event.error("a value is missing")
        }
    }

    private func entries(depth: Int) throws(YAMLError) -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        var names: Set<String> = []
        var key = try next()
        while key.kind != .mappingEnd {
            guard case .scalar(let name, _) = key.kind else { throw key.error("a key must be a text") }
            guard names.insert(name).inserted else { throw key.error("the key '\(name)' is there twice") }
            entries.append(YAMLEntry(key: name, value: try node(try next(), depth: depth + 1)))
            key = try next()
        }
        return entries
    }

    /// One event of libyaml, copied out.
    private struct Event {
        enum Kind: Equatable {
            case streamStart, streamEnd, documentStart, documentEnd, alias, scalar(String, isPlain: Bool)
            case sequenceStart, sequenceEnd, mappingStart, mappingEnd
        }

        let kind: Kind
        let line: Int
        let column: Int

        func error(_ message: String) -> YAMLError { YAMLError(message, line: line, column: column) }
        func node(_ content: YAMLNode.Content) -> YAMLNode { YAMLNode(content: content, line: line, column: column) }
    }

    private func next() throws(YAMLError) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
        defer { yaml_event_delete(&event) }
        let kind: Event.Kind
        switch event.type {
        case YAML_STREAM_START_EVENT: kind = .streamStart
        case YAML_STREAM_END_EVENT: kind = .streamEnd
        case YAML_DOCUMENT_START_EVENT: kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
        case YAML_SEQUENCE_START_EVENT: kind = .sequenceStart
        case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
        case YAML_MAPPING_START_EVENT: kind = .mappingStart
        case YAML_MAPPING_END_EVENT: kind = .mappingEnd
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            kind = .scalar(String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
        default: kind = .alias
        }
        return Event(kind: kind, line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1)
    }

    private var failure: YAMLError {
        let state = parser.pointee
        let words = state.problem.map { String(cString: $0) } ?? "no YAML"
        // A bad encoding has no mark, only an offset.
        let mark = state.problem_mark
        return YAMLError(words, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }
}
