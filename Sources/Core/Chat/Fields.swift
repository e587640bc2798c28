package import JSON

/// Reads the fields of an object with CONTRACT's refusals: `bad_request` where it is no object, `invalid` where a field
/// is missing, of the wrong type, or has a value that is not allowed. Unknown fields are ignored.
package struct Fields {
    private let value: JSONValue

    /// Fields of `value`, which may be anything.
    package init(_ value: JSONValue) { self.value = value }

    /// Reads `bytes` as an object. Throws `bad_request` where they are none.
    package init(json bytes: UnsafeRawBufferPointer) throws(ChatError) {
        let value: JSONValue
        do {
            value = try JSONParser.parse(bytes, depthMax: Limits.jsonDepthMax)
        } catch {
            throw ChatError(.badRequest, "The body is \(error.description).")
        }
        guard value.members != nil else { throw ChatError(.badRequest, "The body is no JSON object.") }
        self.init(value)
    }

    /// The field `name`, nil where it is missing or null. Throws `bad_request` where there is no object.
    package func field(_ name: String) throws(ChatError) -> JSONValue? {
        guard value.members != nil else { throw ChatError(.badRequest, "The body is no JSON object.") }
        guard let field = value[name], !field.isNull else { return nil }
        return field
    }

    /// The string `name`. Throws `invalid`.
    package func text(_ name: String) throws(ChatError) -> String {
        guard let text = try field(name)?.string else { throw ChatError(.invalid, "\(name) is missing or no string.") }
        return text
    }

    /// The string `name`, nil where it is missing. Throws `invalid`.
    package func optionalText(_ name: String) throws(ChatError) -> String? {
        guard let field = try field(name) else { return nil }
        guard let text = field.string else { throw ChatError(.invalid, "\(name) is no string.") }
        return text
    }

    /// The whole number `name`, at least 0. Throws `invalid`.
    package func integer(_ name: String) throws(ChatError) -> Int64 {
        guard let number = try optionalInteger(name) else { throw ChatError(.invalid, "\(name) is missing.") }
        return number
    }

    /// The whole number `name`, at least 0; nil where it is missing. Throws `invalid`.
    package func optionalInteger(_ name: String) throws(ChatError) -> Int64? {
        guard let field = try field(name) else { return nil }
        guard let number = field.integer, number >= 0 else {
            throw ChatError(.invalid, "\(name) is no whole number from 0.")
        }
        return number
    }

    /// The true or false `name`, nil where it is missing. Throws `invalid`.
    package func optionalBool(_ name: String) throws(ChatError) -> Bool? {
        guard let field = try field(name) else { return nil }
        guard let flag = field.bool else { throw ChatError(.invalid, "\(name) is neither true nor false.") }
        return flag
    }

    /// The userId `name` in NFC. Throws `invalid`.
    package func userID(_ name: String) throws(ChatError) -> String { try Validation.userID(try text(name)) }

    /// The userIds in the array `name`, in NFC, each once, in their order. Throws `invalid`, also where there are over
    /// a thousand.
    package func userIDs(_ name: String, orEmpty: Bool = false) throws(ChatError) -> [String] {
        guard let field = try field(name) else {
            if orEmpty { return [] }
            throw ChatError(.invalid, "\(name) is missing.")
        }
        guard let elements = field.array, elements.count <= Limits.peopleMax else {
            throw ChatError(.invalid, "\(name) is no array of at most \(Limits.peopleMax) userIds.")
        }
        var seen: Set<String> = []
        var out: [String] = []
        for element in elements {
            guard let text = element.string else {
                throw ChatError(.invalid, "\(name) holds something that is no string.")
            }
            let userID = try Validation.userID(text)
            if seen.insert(userID).inserted { out.append(userID) }
        }
        return out
    }

    /// The role `name`. Throws `invalid`.
    package func role(_ name: String) throws(ChatError) -> Role {
        guard let role = Role(rawValue: try text(name)) else {
            throw ChatError(.invalid, "\(name) is owner, admin or member.")
        }
        return role
    }
}

extension JSONWriter {
    /// A member that is a string.
    package mutating func member(_ name: StaticString, _ text: String) {
        key(name)
        string(text)
    }

    /// A member that is a whole number.
    package mutating func member(_ name: StaticString, _ number: Int64) {
        key(name)
        integer(number)
    }

    /// A member that is a string or null.
    package mutating func member(_ name: StaticString, orNull text: String?) {
        key(name)
        if let text { string(text) } else { null() }
    }

    /// A member that is an array of strings.
    package mutating func strings(_ name: StaticString, _ texts: [String]) {
        key(name)
        beginArray()
        for text in texts { string(text) }
        endArray()
    }
}
