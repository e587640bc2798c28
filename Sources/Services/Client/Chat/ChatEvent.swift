internal import JSON

/// An event of a room, as history and MESSAGE frames have it.
struct ChatEvent {
    let type: String
    let roomId: Int64?
    let seq: Int64?
    let messageId: String?
    let userId: String
    let writer: String
    let createdAt: String
    private let json: JSONValue

    init?(_ json: JSONValue) {
        guard let type = json["type"]?.string else { return nil }
        self.type = type
        self.json = json
        roomId = json["roomId"]?.integer
        seq = json["seq"]?.integer
        messageId = json["messageId"]?.string
        userId = json["userId"]?.string ?? ""
        writer = json["writer"]?.string ?? json["userId"]?.string ?? ""
        createdAt = json["createdAt"]?.string ?? ""
    }

    var epoch: Int64? { json["epoch"]?.integer }
    var lastSeq: Int64? { json["lastSeq"]?.integer }
    var message: String? { json["message"]?.string }
    var targetId: String? { json["targetId"]?.string }

    /// The event in words; nil for one that is not shown.
    func text(_ clock: (String) -> String) -> String? {
        let time = clock(createdAt)
        let who = writer.withoutControls
        let target = (json["targetName"]?.string ?? targetId ?? "").withoutControls
        let targetSeq = json["targetSeq"]?.integer ?? 0
        switch type {
        case "MESSAGE":
            if json["deleted"]?.bool == true { return "\(time) \(who): (deleted)" }
            return "\(time) \(who): \(shownMessage)"
        case "JOIN": return "\(time) -- \(target) joined"
        case "LEAVE":
            return targetId == userId ? "\(time) -- \(target) left" : "\(time) -- \(target) was removed by \(who)"
        case "ROLE": return "\(time) -- \(target) is now \(json["role"]?.string?.withoutControls ?? "")"
        case "RENAME": return "\(time) -- \(who) renamed the room to \(json["roomName"]?.string?.withoutControls ?? "")"
        case "CLOSE": return "\(time) -- \(who) closed the room"
        case "EDIT":
            guard message != nil else { return nil }
            return "\(time) -- \(who) edited #\(targetSeq): \(shownMessage)"
        case "DELETE": return "\(time) -- \(who) deleted #\(targetSeq)"
        case "REACTION":
            let verb = json["on"]?.bool == false ? "took back" : "reacted with"
            return "\(time) -- \(who) \(verb) \(json["emoji"]?.string?.withoutControls ?? "") on #\(targetSeq)"
        case "RESET":
            return "-- the room's history has changed: what follows begins behind #\(lastSeq ?? 0) "
                + "(epoch \(epoch ?? 0)); look at it again with /join"
        default: return nil
        }
    }

    private var shownMessage: String { (message ?? "").withoutControls.replacing("\n", with: "\n      ") }
}

extension String {
    /// Without what would steer a terminal; line feeds and tabs stay.
    var withoutControls: String {
        guard unicodeScalars.contains(where: String.steers) else { return self }
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars { scalars.append(String.steers(scalar) ? "\u{FFFD}" : scalar) }
        return String(scalars)
    }

    private static func steers(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "\n" || scalar == "\t" { return false }
        return scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }
}
