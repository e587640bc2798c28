import Foundation

/// An answer of a front or a backend.
struct HTTPAnswer {
    let status: Int
    /// Names in lower case.
    let headers: [(name: String, value: String)]
    let body: String

    subscript(name: String) -> String? { headers.first { $0.name == name.lowercased() }?.value }

    /// The body as a JSON object; empty where it is none.
    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
    }

    /// The code of an error, after a look at its shape.
    var code: String? {
        guard let error = json["error"] as? [String: Any], error["message"] is String,
            let request = error["requestId"] as? String, request == self["x-request-id"]
        else { return nil }
        return error["code"] as? String
    }

    /// A list by its name.
    func list(_ name: String) -> [[String: Any]] { json[name] as? [[String: Any]] ?? [] }
}

/// Asks one front, as one person.
struct HTTPCaller: Sendable {
    let port: UInt16
    var token: String?

    init(port: UInt16, token: String? = nil) {
        self.port = port
        self.token = token
    }

    func callAsFunction(
        _ method: String, _ path: String, _ body: String? = nil, headers: [String: String] = [:],
        within seconds: Double = 40
    ) throws -> HTTPAnswer {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
        return try raw(head + "\r\n" + (body ?? ""), within: seconds)
    }

    /// Sends octets as they are, and reads one answer to the end of the connection.
    func raw(_ request: String, within seconds: Double = 40) throws -> HTTPAnswer {
        let wire = try Wire(port: port)
        try wire.send(request)
        return try Self.answer(of: try wire.receiveAll(within: seconds))
    }

    static func answer(of bytes: [UInt8]) throws -> HTTPAnswer {
        let text = String(decoding: bytes, as: UTF8.self)
        // A CR LF is one Character, so scalars are what is split.
        guard let end = text.range(of: "\r\n\r\n") else { throw Wire.Failure(description: "no HTTP answer: \(text)") }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count > 1, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw Wire.Failure(description: "no status line: \(lines[0])")
        }
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (String(parts[0]).lowercased(), parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
        }
        return HTTPAnswer(status: status, headers: headers, body: String(text[end.upperBound...]))
    }

    /// Logs in and gives the caller that is this person.
    func loggedIn(_ userID: String, password: String = "demo") throws -> HTTPCaller {
        let answer = try self("POST", "/sessions", "{\"userId\":\"\(userID)\",\"password\":\"\(password)\"}")
        guard let token = answer.json["token"] as? String else {
            throw Wire.Failure(description: "no session for \(userID): \(answer.status) \(answer.body)")
        }
        return HTTPCaller(port: port, token: token)
    }

    /// Signs a new person up, with the password `demo`, and logs in.
    func newPerson(_ userID: String, userName: String? = nil) throws -> HTTPCaller {
        let name = userName ?? userID.uppercased()
        let answer = try self(
            "POST", "/users", "{\"userId\":\"\(userID)\",\"userName\":\"\(name)\",\"password\":\"demo\"}")
        guard answer.status == 201 else {
            throw Wire.Failure(description: "no person \(userID): \(answer.status) \(answer.body)")
        }
        return try loggedIn(userID)
    }

    /// The same person at another front.
    func at(port: UInt16) -> HTTPCaller { HTTPCaller(port: port, token: token) }
}
