import Client
import Crypto
import HTTP
import JSON
import Linux
import Stomp
import TestSupport
import Testing
import WebSocket

@Suite struct StompClientTests {
    @Test func logsInSendsAndTakesLeaveOverTCP() throws {
        let server = try ScriptedServer([
            { peer in
                let connect = peer.read(until: "\0")
                #expect(connect.hasPrefix("CONNECT\naccept-version:1.2,1.1,1.0\nhost:127.0.0.1\nlogin:A\npasscode:p\n"))
                peer.write("CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0\nMESSAGE\nsubscription:s\n\nearly\0")
                #expect(peer.read(until: "hi\0").contains("destination:/pub\ncontent-type:text/plain\nreceipt:r1\n"))
                peer.write("MESSAGE\nsubscription:s\n\nlate\0RECEIPT\nreceipt-id:r1\nseq:7\n\n\0")
                #expect(peer.read(until: "\0") == "DISCONNECT\nreceipt:r2\n\n\0")
                peer.write("RECEIPT\nreceipt-id:r2\n\n\0")
            }
        ])
        defer { server.finish() }
        var options = StompClient.Options()
        options.login = "A"
        options.passcode = "p"
        let client = try StompClient(try ClientURL("tcp://127.0.0.1:\(server.port)"), options)
        #expect(client.version == .v1_2)
        #expect(try client.sendAndConfirm(destination: "/pub", body: "hi".utf8)["seq"] == "7")
        #expect(try client.message()?.bodyText == "early")
        #expect(try client.message(subscription: "s")?.bodyText == "late")
        #expect(try client.message(timeoutMilliseconds: 0) == nil)
        try client.disconnect()
    }

    @Test func anErrorInsteadOfConnectedRefuses() throws {
        let server = try ScriptedServer([
            { peer in
                _ = peer.read(until: "\0")
                peer.write("ERROR\nmessage:unauthenticated\n\nno\0")
            }
        ])
        defer { server.finish() }
        do {
            _ = try StompClient(try ClientURL("tcp://127.0.0.1:\(server.port)"))
            Issue.record("connected")
        } catch ClientError.refused(let frame) {
            #expect(frame["message"] == "unauthenticated")
        }
    }

    @Test func speaksWebSocket() throws {
        let server = try ScriptedServer([
            { peer in
                let head = peer.read(until: "\r\n\r\n")
                let key = head.split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Key: ") }?
                    .dropFirst("Sec-WebSocket-Key: ".count)
                let accept = Crypto.Base64.encode(
                    SHA1.hash(Array("\(key ?? "")258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)))
                peer.write(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: \(accept)\r\nSec-WebSocket-Protocol: v12.stomp\r\n\r\n")
                var frames: [UInt8] = []
                WebSocketWriter.append(.text, Array("CONNECTED\nversion:1.1\n\n\0".utf8), to: &frames)
                WebSocketWriter.append(.ping, Array("?".utf8), to: &frames)
                WebSocketWriter.append(.text, Array("MESSAGE\n\nan\0MESS".utf8), to: &frames)
                WebSocketWriter.append(.binary, Array("AGE\n\nother\0".utf8), to: &frames)
                WebSocketWriter.appendClose(code: 4408, reason: "too slow", to: &frames)
                peer.write(frames)
                _ = peer.readSome()
            }
        ])
        defer { server.finish() }
        let client = try StompClient(try ClientURL("ws://127.0.0.1:\(server.port)/ws"))
        #expect(client.version == .v1_1)
        #expect(client.subprotocol == "v12.stomp")
        #expect(try client.message()?.bodyText == "an")
        #expect(try client.message()?.bodyText == "other")
        do {
            _ = try client.next(timeoutMilliseconds: 5_000)
            Issue.record("the end was not told")
        } catch ClientError.closed(let code, let reason) {
            #expect(code == 4408)
            #expect(reason == "too slow")
        }
    }

    @Test func heartbeatsGoOutAndSilenceEnds() throws {
        let server = try ScriptedServer([
            { peer in
                _ = peer.read(until: "\0")
                peer.write("CONNECTED\nversion:1.2\nheart-beat:100,50\n\n\0")
                let beat = peer.readSome()
                #expect(beat == [10])
                _ = peer.readSome()
            }
        ])
        defer { server.finish() }
        var options = StompClient.Options()
        options.heartbeat = .init(canSendMilliseconds: 100, wantsMilliseconds: 100)
        let client = try StompClient(try ClientURL("tcp://127.0.0.1:\(server.port)"), options)
        let start = SystemClock.monotonicNanoseconds()
        #expect(throws: ClientError.self) { try client.next(timeoutMilliseconds: 20_000) }
        #expect(SystemClock.monotonicNanoseconds() - start < 15_000_000_000)
        client.close()
    }

    @Test func nobodyThere() throws {
        let port = try #require(FreePorts.take(1).first)
        #expect(throws: ClientError.self) { try StompClient(try ClientURL("tcp://127.0.0.1:\(port)")) }
    }
}

@Suite struct HTTPClientTests {
    @Test func keepsItsConnectionAndRenewsIt() throws {
        let server = try ScriptedServer([
            { peer in
                let first = peer.read(until: "{}")
                #expect(first.hasPrefix("POST /a HTTP/1.1\r\nHost: 127.0.0.1:"))
                #expect(first.contains("Content-Length: 2\r\n"))
                #expect(first.contains("Authorization: Bearer t\r\n"))
                peer.write("HTTP/1.1 201 Created\r\nContent-Length: 8\r\n\r\n{\"a\":1}\n")
                #expect(peer.read(until: "\r\n\r\n").hasPrefix("GET /b "))
                peer.write(
                    "HTTP/1.1 404 Not Found\r\nContent-Length: 40\r\n\r\n"
                        + #"{"error":{"code":"x","message":"say y"}}"#)
            },
            { peer in
                #expect(peer.read(until: "\r\n\r\n").hasPrefix("GET /c "))
                peer.write("HTTP/1.1 204 No Content\r\n\r\n")
            },
        ])
        defer { server.finish() }
        let client = HTTPClient(try ClientURL("http://127.0.0.1:\(server.port)"))
        client.token = "t"
        #expect(try client.json("POST", "/a", .object([]))["a"]?.integer == 1)
        do {
            _ = try client.json("GET", "/b")
            Issue.record("404 is no answer")
        } catch ClientError.status(let response) {
            #expect(response.errorCode == "x")
            #expect(response.errorMessage == "say y")
        }
        // The server has ended the connection meanwhile.
        #expect(try client.request("GET", "/c").status == 204)
        client.drop()
    }
}
