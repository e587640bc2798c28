import BackendCore
import Chat
import JSON
import Testing

/// CONTRACT section 2, Rooms: who may do what, as a table of steps.
@Suite struct RoomRulesTests {
    struct Step: Sendable {
        let user: String
        let command: Command
        let told: [String]

        init(_ user: String, _ command: Command, _ told: String...) {
            self.user = user
            self.command = command
            self.told = told
        }
    }

    static func send(_ room: RoomID = 1) -> Command { .send(MessageSend(roomID: room, message: "hi")) }
    static func add(_ people: String..., to room: RoomID = 1) -> Command {
        .addMembers(roomID: room, userIDs: people)
    }
    static func remove(_ person: String) -> Command { .removeMember(roomID: 1, userID: person) }
    static func role(_ person: String, _ role: Role) -> Command { .setRole(roomID: 1, userID: person, role: role) }
    static func read(_ seq: Seq) -> Command { .moveRead(roomID: 1, seq: seq) }
    static func create(_ kind: RoomKind, _ others: String..., operatorsOnly: Bool = false) -> Command {
        .createRoom(
            RoomCreate(
                roomName: kind == .direct ? "" : "r", kind: kind, userIDs: others, operatorsOnly: operatorsOnly))
    }

    private func play(_ steps: [Step], operators: Set<String> = []) throws {
        let chat = try ChatFixture(["A", "B", "C", "D", "O"], operators: operators)
        for (number, step) in steps.enumerated() {
            let told = try chat.apply(step.command, by: step.user)
            #expect(told.short == step.told, "step \(number): \(step.user) \(step.command)")
        }
        #expect(try chat.gaps().isEmpty)
    }

    @Test func group() throws {
        try play([
            Step("A", Self.create(.group, "B"), "made 1"),
            Step("A", Self.send(), "MESSAGE 1"),
            Step("C", Self.send(), "refused not_a_member"),
            Step("C", Self.add("C"), "refused not_a_member"),
            Step("B", Self.add("C", "A"), "JOIN 2 C"),
            Step("B", Self.add("C"), "unchanged"),
            Step("B", Self.add("nobody"), "refused not_found"),
            Step("C", Self.send(), "MESSAGE 3"),
            Step("C", Self.remove("B"), "refused forbidden"),
            Step("A", Self.role("B", .admin), "ROLE 4 B admin"),
            Step("A", Self.role("B", .admin), "unchanged"),
            Step("B", Self.role("C", .admin), "refused forbidden"),
            Step("B", Self.remove("A"), "refused forbidden"),
            Step("B", Self.remove("C"), "LEAVE 5 C"),
            Step("C", Self.send(), "refused not_a_member"),
            Step("B", Self.remove("C"), "refused not_found"),
            Step("C", Self.remove("C"), "refused not_a_member"),
            Step("B", Self.add("C"), "JOIN 6 C"),
            Step("C", Self.send(), "MESSAGE 7"),
            Step("A", Self.send(99), "refused not_a_member"),
        ])
    }

    @Test func theOwnerPassesOn() throws {
        try play([
            Step("A", Self.create(.group, "B", "C", "D"), "made 1"),
            Step("A", Self.role("C", .admin), "ROLE 1 C admin"),
            Step("A", Self.role("A", .member), "refused invalid"),
            Step("A", Self.role("A", .owner), "unchanged"),
            Step("A", Self.remove("A"), "LEAVE 2 A", "ROLE 3 C owner"),
            Step("C", Self.role("D", .owner), "ROLE 4 D owner", "ROLE 5 C admin"),
            Step("C", Self.role("B", .owner), "refused forbidden"),
            Step("D", Self.remove("D"), "LEAVE 6 D", "ROLE 7 C owner"),
            Step("C", Self.remove("C"), "LEAVE 8 C", "ROLE 9 B owner"),
            Step("B", Self.remove("B"), "LEAVE 10 B", "CLOSE 11"),
            Step("B", Self.send(), "refused not_a_member"),
            Step("B", Self.create(.group), "made 2"),
        ])
    }

    @Test func direct() throws {
        try play([
            Step("A", Self.create(.direct, "B"), "made 1"),
            Step("B", Self.create(.direct, "A"), "unchanged"),
            Step("A", Self.create(.direct, "B"), "unchanged"),
            Step("A", Self.create(.direct, "A"), "refused invalid"),
            Step("A", Self.create(.direct, "B", "C"), "refused invalid"),
            Step("A", Self.create(.direct, "nobody"), "refused not_found"),
            Step("A", Self.create(.direct, "C"), "made 2"),
            Step("B", Self.send(), "MESSAGE 1"),
            Step("C", Self.send(), "refused not_a_member"),
            Step("A", Self.add("C"), "refused forbidden"),
            Step("C", Self.add("C"), "refused not_a_member"),
            Step("A", Self.remove("A"), "refused forbidden"),
            Step("A", Self.remove("B"), "refused forbidden"),
            Step("A", Self.role("B", .owner), "refused forbidden"),
        ])
    }

    @Test func open() throws {
        try play([
            Step("A", Self.create(.open), "made 1"),
            Step("B", Self.send(), "JOIN 1 B", "MESSAGE 2"),
            Step("B", Self.send(), "MESSAGE 3"),
            Step("C", Self.read(2), "refused not_a_member"),
            Step("C", Self.add("C"), "JOIN 4 C"),
            Step("C", Self.add("C"), "unchanged"),
            Step("A", Self.add("D"), "refused forbidden"),
            Step("D", Self.remove("D"), "refused not_a_member"),
            Step("C", Self.remove("C"), "LEAVE 5 C"),
            Step("nobody", Self.send(), "refused unauthenticated"),
        ])
    }

    @Test func announce() throws {
        try play([
            Step("A", Self.create(.announce, "B", "C"), "made 1"),
            Step("A", Self.send(), "MESSAGE 1"),
            Step("B", Self.send(), "refused forbidden"),
            Step("D", Self.send(), "refused not_a_member"),
            Step("B", Self.add("D"), "refused forbidden"),
            Step("A", Self.role("B", .admin), "ROLE 2 B admin"),
            Step("B", Self.send(), "MESSAGE 3"),
            Step("B", Self.add("D"), "JOIN 4 D"),
        ])
    }

    @Test func reading() throws {
        try play([
            Step("A", Self.create(.group, "B"), "made 1"),
            Step("A", Self.send(), "MESSAGE 1"),
            Step("A", Self.send(), "MESSAGE 2"),
            Step("A", Self.read(2), "unchanged"),
            Step("B", Self.read(1), "READ 0>1"),
            Step("B", Self.read(1), "unchanged"),
            Step("B", Self.read(99), "READ 1>2"),
            Step("B", Self.read(1), "unchanged"),
            Step("C", Self.read(1), "refused not_a_member"),
        ])
    }

    @Test func operators() throws {
        try play(
            [
                Step("A", Self.create(.group, operatorsOnly: true), "refused forbidden"),
                Step("A", Self.create(.group), "made 1"),
                Step("O", Self.send(), "MESSAGE 1"),
                Step("O", Self.add("B"), "JOIN 2 B"),
                Step("O", Self.role("B", .owner), "ROLE 3 B owner", "ROLE 4 A admin"),
                Step("O", Self.remove("B"), "LEAVE 5 B", "ROLE 6 A owner"),
                Step("O", Self.create(.direct, "A"), "made 2"),
                Step("O", Self.create(.open, operatorsOnly: true), "made 3"),
                Step("A", Self.send(3), "refused not_a_member"),
                Step("A", Self.add("A", to: 3), "refused not_a_member"),
                Step("O", Self.add("A", to: 3), "refused forbidden"),
                Step("O", Self.send(3), "MESSAGE 1"),
                Step("A", Self.create(.direct, "B"), "made 4"),
                Step("O", Self.send(4), "refused not_a_member"),
            ], operators: ["O"])
    }

    @Test func repliesAndMentions() throws {
        let chat = try ChatFixture()
        let room = try chat.room(with: ["B"])
        func send(_ replyTo: Seq?, _ mentions: [String]) throws -> Told {
            try chat.apply(
                .send(MessageSend(roomID: room, message: "m", replyTo: replyTo, mentions: mentions)), by: "A")
        }
        #expect(try send(nil, ["B", "D"]).short == ["MESSAGE 1"])
        #expect(try send(1, []).short == ["MESSAGE 2"])
        let both = try send(2, ["D", "B"])
        #expect(both.values[0]["mentions"]?.array?.compactMap(\.string) == ["D", "B"])
        #expect(both.values[0]["replyTo"]?.integer == 2)
        #expect(try send(9, []).short == ["refused invalid"])
        #expect(try send(0, []).short == ["refused invalid"])
        #expect(try send(nil, ["nobody"]).short == ["refused not_found"])
    }

    @Test func theFirstRoomIsOneEvenAfterFailures() throws {
        let chat = try ChatFixture()
        #expect(try chat.apply(Self.create(.group, "nobody"), by: "A").short == ["refused not_found"])
        #expect(try chat.room() == 1)
        #expect(try chat.room() == 2)
    }
}
