import Foundation
import TestSupport
import Testing

/// CONTRACT section 2: errors, service paths, and what malformed requests get.
@Suite(.serialized) struct HTTPTests {
    @Test func unknownPathsAndMethodsAreTold() throws {
        let person = try Shared.person()
        let path = try person.call("GET", "/nowhere")
        #expect(path.status == 404 && path.code == "not_found")
        let method = try person.call("PATCH", "/rooms")
        #expect(method.status == 405 && method.code == "method_not_allowed")
        let allowed = Set((method["allow"] ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
        #expect(allowed.isSuperset(of: ["GET", "POST"]))
        let anonymous = try Shared.front()("GET", "/rooms")
        #expect(anonymous.status == 401 && anonymous.code == "unauthenticated")
    }

    @Test(arguments: [
        "not json", "[]", "\"a\"", "{\"a\":", "", "{\"userId\":\"a\"}x", "{\"userId\":\"\\ud800\"}",
        String(repeating: "{\"a\":", count: 20) + "1" + String(repeating: "}", count: 20),
    ])
    func whatIsNoObjectIsABadRequest(body: String) throws {
        let answer = try Shared.front()("POST", "/users", body)
        #expect(answer.status == 400 && answer.code == "bad_request", "\(answer.status) \(answer.body)")
    }

    @Test(arguments: [
        ["userId": 1, "userName": "a", "password": "demo"] as [String: any Sendable],
        ["userId": NSNull(), "userName": "a", "password": "demo"], ["userName": "a", "password": "demo"],
    ])
    func fieldsOfTheWrongTypeAreInvalid(fields: [String: any Sendable]) throws {
        let answer = try Shared.front()("POST", "/users", json(fields))
        #expect(answer.status == 422 && answer.code == "invalid")
    }

    @Test func unknownFieldsAreIgnored() throws {
        let id = Shared.newID()
        let body = json(["userId": id, "userName": "a", "password": "demo", "more": [1, 2]])
        #expect(try Shared.front()("POST", "/users", body).status == 201)
    }

    @Test(arguments: [
        ("GARBAGE\r\n\r\n", 400), ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("POST /users HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        ("POST /users HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        ("GET /" + String(repeating: "a", count: 20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: 20_000) + "\r\n\r\n", 431),
        ("POST /users HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", 413),
    ])
    func malformedRequestsAreRefused(request: String, status: Int) throws {
        #expect(try Shared.front().raw(request).status == status)
    }

    @Test func severalRequestsGoOverOneConnection() throws {
        let port = try Shared.front().port
        let wire = try Wire(port: port)
        let request = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
        try wire.send(request + "\r\n" + request + "\r\n" + request + "Connection: close\r\n\r\n")
        let answers = String(decoding: try wire.receiveAll(within: 20), as: UTF8.self)
        #expect(answers.components(separatedBy: "HTTP/1.1 200").count == 4)
    }

    @Test func serviceTellsHowItIs() throws {
        let system = try Shared.system()
        for port in [system.httpPort, system.httpPort + 1, system.backendPort] {
            let caller = HTTPCaller(port: port)
            #expect(try caller("GET", "/healthz").status == 200)
            let ready = try caller("GET", "/readyz")
            #expect(ready.status == 200 && ready.json["status"] as? String == "ready")
            let metrics = try caller("GET", "/metrics")
            #expect(metrics.status == 200 && metrics["content-type"]?.hasPrefix("text/plain") == true)
            let names = metrics.body.split(separator: "\n").filter { !$0.hasPrefix("#") }
            #expect(names.count > 5 && names.allSatisfy { $0.hasPrefix("madang_") || $0.hasPrefix("process_") })
            #expect(metrics.body.contains("_bucket{") && metrics.body.contains("le=\"+Inf\""))
            #expect(!metrics.body.contains("alice"))
        }
        #expect(try HTTPCaller(port: system.backendPort)("GET", "/metrics").body.contains("partition="))
    }

    @Test func foreignOriginsAreKeptOut() throws {
        let person = try Shared.person()
        let cookie = "session=\(person.call.token ?? "")"
        let port = person.call.port
        func handshake(_ headers: [String: String]) -> Int {
            do {
                _ = try StompClient(port: port, headers: headers)
                return 101
            } catch {
                return (error as? StompClient.Refused)?.answer.status ?? 0
            }
        }
        #expect(handshake(["Origin": "https://evil.example"]) == 403)
        #expect(handshake(["Origin": "http://127.0.0.1:\(port)"]) == 101)
        #expect(handshake(["Origin": "http://localhost:3000"]) == 101)
        #expect(handshake(["Authorization": "Bearer nonsense"]) == 401)
        let foreign = try Shared.front()(
            "GET", "/rooms", headers: ["Cookie": cookie, "Origin": "https://evil.example"])
        #expect(foreign.status == 401 && foreign["access-control-allow-origin"] == nil)
        let own = try Shared.front()("GET", "/rooms", headers: ["Cookie": cookie, "Origin": "http://localhost:3000"])
        #expect(own.status == 200 && own["access-control-allow-origin"] == "http://localhost:3000")
    }
}
