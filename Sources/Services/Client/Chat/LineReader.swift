internal import Linux

/// Lines of a descriptor, as they come.
struct LineReader {
    let descriptor: Int32
    private var rest: [UInt8] = []
    private(set) var isAtEnd = false

    /// A line longer than this comes in pieces.
    private static let lineBytesMax = 1 << 20

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// Reads once what is there, and returns the lines it completes. Waits only where poll(2) said there is something.
    mutating func read() -> [String] {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        switch chunk.withUnsafeMutableBytes({ Descriptor.read(descriptor, into: $0) }) {
        case .bytes(let count): rest.append(contentsOf: chunk[..<count])
        case .wouldBlock: return []
        case .end, .failed:
            isAtEnd = true
            if !rest.isEmpty { rest.append(10) }
        }
        var lines: [String] = []
        var start = 0
        while let end = rest[start...].firstIndex(of: 10) {
            var line = rest[start..<end]
            if line.last == 13 { line.removeLast() }
            lines.append(String(decoding: line, as: UTF8.self))
            start = end + 1
        }
        rest.removeFirst(start)
        if rest.count > LineReader.lineBytesMax {
            lines.append(String(decoding: rest, as: UTF8.self))
            rest = []
        }
        return lines
    }
}
