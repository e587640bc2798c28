/// Octets in, owned frames out: for clients and tests, where a copy of each frame does not matter.
package struct StompFrameReader: ~Copyable {
    private var parser: StompParser
    private let scratch: StompScratch

    /// A reader at the start of a stream; `version` nil until it is agreed on.
    package init(version: StompVersion? = nil, limits: StompLimits = StompLimits()) {
        parser = StompParser(version: version)
        scratch = StompScratch(limits: limits)
    }

    /// Octets kept for a frame that is not whole yet.
    package var pendingBytes: Int { parser.pendingBytes }

    /// The version by which headers are unescaped; a CONNECTED frame sets it by itself.
    package var version: StompVersion? {
        get { parser.version }
        set { parser.version = newValue }
    }

    /// The frames that `bytes` complete.
    ///
    /// - Throws: `StompError`; frames before the broken one are in `frames` all the same.
    package mutating func receive(_ bytes: [UInt8], into frames: inout [StompFrame]) throws(StompError) {
        var failure: StompError?
        bytes.withUnsafeBytes { buffer in
            var input = StompInput(buffer)
            do throws(StompError) {
                while let view = try parser.next(&input, scratch) {
                    if view.command == .connected {
                        parser.version = view.value("version").flatMap { StompVersion(name: $0) } ?? .v1_0
                    }
                    frames.append(StompFrame(copying: view))
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
