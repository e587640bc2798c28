import Foundation
import TestSupport
import Testing

/// Debian's python3-stomp, a client nobody here wrote, over TCP, and over WebSocket: a few lines carry its octets in
/// WebSocket frames.
@Suite(.serialized) struct PythonStompTests {
    static let python = "/usr/bin/python3"

    static let isInstalled: Bool = {
        let check = try? ChildProcess(python, ["-c", "import stomp"])
        return (try? check?.end(within: 30)) == .exited(0)
    }()

    @Test(.enabled(if: isInstalled, "python3-stomp is not installed"), .timeLimit(.minutes(2)))
    func twoOfThemChatOverTwoFrontsAndTwoTransports() throws {
        let (one, two) = (try Shared.person(), try Shared.person())
        let room = try Shared.room(one.call, with: [two.id])
        let system = try Shared.system()
        let folder = try TemporaryDirectory()
        try Self.script.write(toFile: folder.file("chat.py"), atomically: true, encoding: .utf8)
        let ways = [("web", one.id, system.httpPort), ("tcp", two.id, system.stompPort + 1)]
        let clients = try ways.map { transport, id, port in
            try ChildProcess(Self.python, [folder.file("chat.py"), transport, "\(port)", id, "\(room)", "5"])
        }
        for client in clients { try client.line(within: 30) { $0 == "subscribed" } }
        for client in clients { client.write("go\n") }
        for client in clients { #expect(try client.end(within: 60) == .exited(0), "\(client.errorLines.suffix(20))") }
        let heard = clients.map { $0.lines.filter { $0.hasPrefix("message ") } }
        #expect(heard[0] == heard[1] && heard[0].count == 10)
        #expect(clients.allSatisfy { $0.lines.filter { $0.hasPrefix("receipt ") }.count == 5 })
        let rows = try system.query("select seq || ' ' || body from chat.message where room_id = \(room) order by seq")
        #expect(heard[0] == rows.map { "message " + $0 })
    }

    /// Arguments: `web` or `tcp`, port, userId, room, how many to say. Prints `subscribed`, waits for a line, then
    /// `receipt ID` and `message SEQ TEXT` for what comes, and ends when everybody's messages are there.
    private static let script = #"""
        import base64, json, os, socket, struct, sys, threading, time
        import stomp

        transport, user, room = sys.argv[1], sys.argv[3], sys.argv[4]
        port, count = int(sys.argv[2]), int(sys.argv[5])

        def exactly(source, size):
            data = b""
            while len(data) < size:
                part = source.recv(size - len(data))
                if not part:
                    raise EOFError
                data += part
            return data

        def to_client(web, tcp):
            try:
                while True:
                    first, second = exactly(web, 2)
                    size = second & 127
                    if size > 125:
                        size = struct.unpack(">H" if size == 126 else ">Q", exactly(web, 2 if size == 126 else 8))[0]
                    data = exactly(web, size)
                    if first & 15 == 8:
                        break
                    if first & 15 == 9:
                        web.sendall(struct.pack(">BB", 0x8A, 0x80 | size) + bytes(4) + data)
                    elif first & 15 in (0, 1, 2):
                        tcp.sendall(data)
            except (EOFError, OSError):
                pass
            tcp.close()

        def bridge(listener):
            tcp, _ = listener.accept()
            web = socket.create_connection(("127.0.0.1", port))
            key = base64.b64encode(os.urandom(16)).decode()
            web.sendall((f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n").encode())
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += exactly(web, 1)
            assert b" 101 " in head, head
            threading.Thread(target=to_client, args=(web, tcp), daemon=True).start()
            while data := tcp.recv(4096):
                mask = os.urandom(4)
                masked = bytes(octet ^ mask[i % 4] for i, octet in enumerate(data))
                size = struct.pack(">BB", 0x82, 0x80 | len(data)) if len(data) < 126 \
                    else struct.pack(">BBH", 0x82, 0xFE, len(data))
                web.sendall(size + mask + masked)

        own_port = port
        if transport == "web":
            listener = socket.create_server(("127.0.0.1", 0))
            threading.Thread(target=bridge, args=(listener,), daemon=True).start()
            own_port = listener.getsockname()[1]

        class Ears(stomp.ConnectionListener):
            def __init__(self):
                self.heard, self.receipts, self.changed = [], [], threading.Condition()

            def add(self, where, what, line):
                with self.changed:
                    where.append(what)
                    print(line, flush=True)
                    self.changed.notify_all()

            def on_message(self, frame):
                event = json.loads(frame.body)
                self.add(self.heard, event["seq"], f'message {event["seq"]} {event["message"]}')

            def on_receipt(self, frame):
                self.add(self.receipts, frame.headers["receipt-id"], f'receipt {frame.headers["receipt-id"]}'
                         if frame.headers["receipt-id"] != "subscribed" else "subscribed")

            def on_error(self, frame):
                print("error", frame.headers, frame.body, file=sys.stderr, flush=True)
                os._exit(1)

        ears = Ears()
        connection = stomp.Connection12([("127.0.0.1", own_port)], heartbeats=(5000, 5000))
        connection.set_listener("ears", ears)
        connection.connect(user, "demo", wait=True)
        connection.subscribe(f"/sub/chat/room/{room}", id="1", headers={"receipt": "subscribed", "since": "0"})
        sys.stdin.readline()
        for number in range(count):
            connection.send(f"/pub/chat/room/{room}", f"{user} says {number}", content_type="text/plain",
                            headers={"receipt": f"r{number}"})
        with ears.changed:
            enough = lambda: len(ears.heard) >= 2 * count and len(ears.receipts) >= count + 1
            assert ears.changed.wait_for(enough, timeout=40), (ears.heard, ears.receipts)
        connection.disconnect()
        """#
}
