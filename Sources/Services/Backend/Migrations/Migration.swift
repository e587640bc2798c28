/// One step from a schema to the next. What was released is never changed: a change is a further number.
struct Migration: Sendable {
    let number: Int
    let name: String
    let sql: String

    /// All steps in their order, numbered 1, 2, 3 ….
    static let all: [Migration] = [number1, number2, number3, number4, number5]
}
