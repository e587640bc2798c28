internal import CKafka

/// A topic as a producer knows it. Kept by whoever produces often, so that no name is looked up for a message.
package final class KafkaTopic: Sendable {
    /// Its name.
    package let name: String
    /// librdkafka's topic objects may be used by any thread.
    nonisolated(unsafe) let pointer: OpaquePointer

    init(name: String, pointer: OpaquePointer) {
        self.name = name
        self.pointer = pointer
    }
}
