/// Finds frames in a stream of octets, however it is cut (STOMP 1.2, STOMP Frames).
///
/// A frame that lies whole in the input is parsed in place; only the part of one that is not there yet is kept.
/// After an error the rest of the stream is swallowed.
package struct StompParser: ~Copyable {
    /// The version that was agreed on; nil until then. It decides about escapes and padding, so it has to be set
    /// before the frame behind CONNECT (or CONNECTED) is asked for.
    package var version: StompVersion?

    private var phase: Phase = .between
    private var held: UnsafeMutableRawPointer?
    private var heldBytes = 0
    private var heldCapacity = 0

    private enum Phase {
        /// Between two frames; true behind a carriage return.
        case between(carriageReturn: Bool)
        /// Within the head, behind `lines` whole lines and `lineBytes` octets of the next.
        case head(lines: Int, lineBytes: Int)
        /// Within a body that ends the frame at `total` octets; `headBytes` come before it.
        case body(headBytes: Int, total: Int)
        /// Within a body that a NULL octet ends.
        case openBody(headBytes: Int)
        /// The frame in `held` was given out.
        case delivered
        case failed

        static var between: Phase { .between(carriageReturn: false) }
    }

    /// A parser at the start of a stream.
    package init(version: StompVersion? = nil) { self.version = version }

    deinit { held?.deallocate() }

    /// Octets kept for a frame that is not whole yet.
    package var pendingBytes: Int { heldBytes }

    /// Whether an error ended the stream.
    package var hasFailed: Bool {
        if case .failed = phase { true } else { false }
    }

    /// The next whole frame; nil when `input` is used up. The parser has to be asked until then.
    ///
    /// - Throws: `StompError`, once; answer it with ERROR and close.
    package mutating func next(
        _ input: inout StompInput, _ scratch: StompScratch
    ) throws(StompError) -> StompFrameView? {
        // What it holds points into an input that is gone.
        scratch.clear()
        do {
            switch phase {
            case .failed:
                input.takeAll()
                return nil
            case .delivered:
                release()
                phase = .between
                fallthrough
            case .between:
                return try skipEndsOfLine(&input) ? try begin(&input, scratch) : nil
            case .head(let lines, let lineBytes):
                return try resumeHead(&input, scratch, lines: lines, lineBytes: lineBytes)
            case .body(let headBytes, let total):
                return try resumeBody(&input, scratch, headBytes: headBytes, total: total)
            case .openBody(let headBytes):
                return try resumeOpenBody(&input, scratch, headBytes: headBytes)
            }
        } catch {
            release()
            phase = .failed
            input.takeAll()
            throw error
        }
    }

    /// Passes over heart-beats and the ends of line behind a frame; false when nothing else is there.
    private mutating func skipEndsOfLine(_ input: inout StompInput) throws(StompError) -> Bool {
        var behindReturn = false
        if case .between(true) = phase { behindReturn = true }
        while !input.isEmpty {
            let byte = input.bytes[input.consumed]
            if byte == 10 {
                behindReturn = false
            } else if behindReturn {
                throw StompError(.malformed, "a carriage return without a line feed")
            } else if byte == 13 {
                behindReturn = true
            } else {
                return true
            }
            input.take(1)
        }
        phase = .between(carriageReturn: behindReturn)
        return false
    }

    /// Parses a frame that begins in the input; keeps what is there of one that does not end in it.
    private mutating func begin(
        _ input: inout StompInput, _ scratch: StompScratch
    ) throws(StompError) -> StompFrameView? {
        let bytes = input.rest
        switch try scratch.parseHead(bytes, version: version) {
        case .incomplete(let lines, let lineBytes):
            try checkOpenLine(bytes, lines: lines, lineBytes: lineBytes, scratch)
            phase = .head(lines: lines, lineBytes: lineBytes)
            try hold(bytes, scratch)
            input.takeAll()
            return nil
        case .complete(let head):
            if let end = try frameEnd(head, in: bytes, scratch) {
                input.take(end)
                phase = .between
                return try frame(head, bytes, end: end, scratch)
            }
            phase = bodyPhase(head)
            try hold(bytes, scratch)
            input.takeAll()
            return nil
        }
    }

    private func bodyPhase(_ head: StompScratch.Head) -> Phase {
        guard let length = head.contentLength else { return .openBody(headBytes: head.bytes) }
        return .body(headBytes: head.bytes, total: head.bytes &+ length &+ 1)
    }

    /// Where the frame that begins `bytes` ends, behind its NULL octet; nil when that is not there yet.
    private func frameEnd(
        _ head: StompScratch.Head, in bytes: UnsafeRawBufferPointer, _ scratch: StompScratch
    ) throws(StompError) -> Int? {
        let limit = scratch.limits.frameBytesMax
        if let length = head.contentLength {
            guard length < limit, head.bytes &+ length < limit else { throw tooLarge(scratch) }
            let last = head.bytes &+ length
            guard last < bytes.count else { return nil }
            guard bytes[last] == 0 else {
                throw scratch.failure(.malformed, "no NULL octet behind the content-length")
            }
            return last &+ 1
        }
        let last = index(of: 0, in: bytes, from: head.bytes)
        guard last < limit else { throw tooLarge(scratch) }
        return last < bytes.count ? last &+ 1 : nil
    }

    private func frame(
        _ head: StompScratch.Head, _ bytes: UnsafeRawBufferPointer, end: Int, _ scratch: StompScratch
    ) throws(StompError) -> StompFrameView {
        let body = UnsafeRawBufferPointer(rebasing: bytes[head.bytes..<(end &- 1)])
        // In 1.0 such a body is ignored (STOMP 1.0, SUBSCRIBE); ends of line that a person typed hurt nobody.
        if !head.command.allowsBody, version ?? .v1_0 > .v1_0 || isNewConnect(head, scratch),
            body.contains(where: { $0 != 10 && $0 != 13 })
        {
            throw scratch.failure(.bodyNotAllowed, "a body in a frame that must not have one")
        }
        return StompFrameView(command: head.command, commandName: head.commandName, body: body, headers: scratch.view)
    }

    private func isNewConnect(_ head: StompScratch.Head, _ scratch: StompScratch) -> Bool {
        version == nil && scratch.view.contains { bytesEqual($0.name, "accept-version") }
    }

    private mutating func resumeHead(
        _ input: inout StompInput, _ scratch: StompScratch, lines: Int, lineBytes: Int
    ) throws(StompError) -> StompFrameView? {
        let bytes = input.rest
        var lines = lines
        var lineBytes = lineBytes
        var start = 0
        while start < bytes.count {
            let lineEnd = indexOfLineEnd(in: bytes, from: start)
            lineBytes &+= lineEnd &- start
            if lineEnd == bytes.count { break }
            guard bytes[lineEnd] != 0 else {
                throw StompError(.malformed, "a NULL octet before the end of the headers")
            }
            let before: UInt8? = lineEnd > 0 ? bytes[lineEnd &- 1] : lastHeld
            if lineBytes > 0, before == 13 { lineBytes &-= 1 }
            try scratch.checkLine(bytes: lineBytes, lines: lines, isEnd: lineBytes == 0)
            start = lineEnd &+ 1
            if lineBytes == 0, lines > 0 {
                try hold(UnsafeRawBufferPointer(rebasing: bytes[..<start]), scratch)
                input.take(start)
                return try resumeBehindHead(&input, scratch)
            }
            lines &+= 1
            lineBytes = 0
        }
        try checkOpenLine(bytes, lines: lines, lineBytes: lineBytes, scratch)
        phase = .head(lines: lines, lineBytes: lineBytes)
        try hold(bytes, scratch)
        input.takeAll()
        return nil
    }

    private func checkOpenLine(
        _ bytes: UnsafeRawBufferPointer, lines: Int, lineBytes: Int, _ scratch: StompScratch
    ) throws(StompError) {
        // A carriage return at the end may yet be part of the end of the line.
        let endsInReturn = lineBytes > 0 && bytes.last == 13
        let counted = endsInReturn ? lineBytes &- 1 : lineBytes
        try scratch.checkLine(bytes: counted, lines: lines, isEnd: counted == 0)
    }

    private mutating func resumeBehindHead(
        _ input: inout StompInput, _ scratch: StompScratch
    ) throws(StompError) -> StompFrameView? {
        guard case .complete(let head) = try scratch.parseHead(heldView, version: version) else {
            throw StompError(.malformed, "the head has no end")
        }
        if let length = head.contentLength {
            let limit = scratch.limits.frameBytesMax
            guard length < limit, head.bytes &+ length < limit else { throw tooLarge(scratch) }
            let total = head.bytes &+ length &+ 1
            phase = .body(headBytes: head.bytes, total: total)
            return try resumeBody(&input, scratch, headBytes: head.bytes, total: total)
        }
        phase = .openBody(headBytes: head.bytes)
        return try resumeOpenBody(&input, scratch, headBytes: head.bytes)
    }

    private mutating func resumeBody(
        _ input: inout StompInput, _ scratch: StompScratch, headBytes: Int, total: Int
    ) throws(StompError) -> StompFrameView? {
        let count = min(total &- heldBytes, input.rest.count)
        try hold(UnsafeRawBufferPointer(rebasing: input.rest[..<count]), scratch)
        input.take(count)
        return heldBytes == total ? try deliverHeld(scratch) : nil
    }

    private mutating func resumeOpenBody(
        _ input: inout StompInput, _ scratch: StompScratch, headBytes: Int
    ) throws(StompError) -> StompFrameView? {
        let bytes = input.rest
        let last = index(of: 0, in: bytes, from: 0)
        let count = min(last &+ 1, bytes.count)
        try hold(UnsafeRawBufferPointer(rebasing: bytes[..<count]), scratch)
        input.take(count)
        return last < bytes.count ? try deliverHeld(scratch) : nil
    }

    private mutating func deliverHeld(_ scratch: StompScratch) throws(StompError) -> StompFrameView {
        let bytes = heldView
        guard case .complete(let head) = try scratch.parseHead(bytes, version: version),
            let end = try frameEnd(head, in: bytes, scratch)
        else { throw StompError(.malformed, "the frame has no end") }
        let view = try frame(head, bytes, end: end, scratch)
        phase = .delivered
        return view
    }

    private var heldView: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: held, count: heldBytes) }

    private var lastHeld: UInt8? { heldView.last }

    private func tooLarge(_ scratch: StompScratch) -> StompError {
        // The scratch may hold another frame's headers by now; those of this one lie in what is kept.
        if heldBytes > 0 { _ = try? scratch.parseHead(heldView, version: version) }
        return scratch.failure(.tooLarge, "a frame has more than \(scratch.limits.frameBytesMax) octets")
    }

    /// Keeps `bytes`. The memory grows with what has come, not with what a content-length announces.
    private mutating func hold(_ bytes: UnsafeRawBufferPointer, _ scratch: StompScratch) throws(StompError) {
        let needed = heldBytes &+ bytes.count
        guard needed <= scratch.limits.frameBytesMax else { throw tooLarge(scratch) }
        if needed > heldCapacity {
            let capacity = max(needed, min(heldCapacity &* 2, scratch.limits.frameBytesMax), 256)
            let grown = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
            if let held {
                grown.copyMemory(from: held, byteCount: heldBytes)
                held.deallocate()
            }
            held = grown
            heldCapacity = capacity
        }
        if let start = bytes.baseAddress, let held, !bytes.isEmpty {
            held.advanced(by: heldBytes).copyMemory(from: start, byteCount: bytes.count)
        }
        heldBytes = needed
    }

    private mutating func release() {
        held?.deallocate()
        held = nil
        heldBytes = 0
        heldCapacity = 0
    }
}
