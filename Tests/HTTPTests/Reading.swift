import HTTP

/// What a request parser made of some bytes.
struct Reading {
    var requests: [HTTPRequest] = []
    var violation: HTTPViolation?
    var continues = 0

    /// 200 for at least one request and nothing wrong, 0 for nothing yet, else the status of the violation.
    var status: Int { violation?.status ?? (requests.isEmpty ? 0 : 200) }

    var summary: [String] {
        requests.map { request in
            let query = request.target.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
            let fields = request.fields.pairs.map { "\($0.name):\($0.value)" }.joined(separator: "|")
            return "\(request.method) \(request.target.segments) \(query) \(request.host) \(fields) \(request.body) "
                + "\(request.keepsAlive) \(request.isHTTP11)"
        } + (violation.map { ["\($0.status)"] } ?? [])
    }
}

/// Pushes `pieces` in, one after the other.
func read(_ pieces: [ArraySlice<UInt8>], limits: HTTPLimits = HTTPLimits()) -> Reading {
    var parser = HTTPRequestParser(limits: limits)
    var reading = Reading()
    for piece in pieces {
        piece.withUnsafeBytes { buffer in
            var offset = 0
            var goesOn = true
            while goesOn {
                switch parser.next(in: buffer, from: &offset) {
                case .needMore: goesOn = false
                case .expectsContinue: reading.continues += 1
                case .request(let request): reading.requests.append(request)
                case .violation(let violation): reading.violation = violation
                }
            }
            precondition(offset == buffer.count, "needMore must have taken everything")
        }
    }
    return reading
}

func read(_ text: String, limits: HTTPLimits = HTTPLimits()) -> Reading {
    read([Array(text.utf8)[...]], limits: limits)
}

func read(_ bytes: [UInt8], limits: HTTPLimits = HTTPLimits()) -> Reading { read([bytes[...]], limits: limits) }

/// A GET with one Host and the further lines.
func get(_ lines: String..., target: String = "/", version: String = "HTTP/1.1") -> String {
    "GET \(target) \(version)\r\nHost: a\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n"
}

/// A POST with one Host, the further lines, and what follows the head.
func post(_ lines: String..., body: String = "") -> String {
    "POST /x HTTP/1.1\r\nHost: a\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n" + body
}
