import CLinux
import Glibc

/// A file with the id of the process that holds it. The lock (flock(2)), not the file's being there, says whether that
/// process lives: the kernel gives it up with the process, however it ends.
package struct PidFile: ~Copyable {
    /// Why it was not had.
    package enum Refusal: Error, Equatable {
        /// A living process holds it; its id where the file tells.
        case held(by: Int32?)
        /// The file could not be used.
        case failed(SystemError)
    }

    private let descriptor: Int32

    /// Takes the file and writes this process's id into it.
    package init(path: String) throws(Refusal) {
        descriptor = try PidFile.take(path)
    }

    private static func take(_ path: String) throws(Refusal) -> Int32 {
        let descriptor: Int32
        do throws(SystemError) {
            descriptor = try File.open(path, O_RDWR | O_CREAT, mode: 0o644)
        } catch {
            throw .failed(error)
        }
        if flock(descriptor, LOCK_EX | LOCK_NB) < 0 {
            let problem = SystemError.last("flock \(path)")
            Descriptor.close(descriptor)
            throw problem.code == EWOULDBLOCK ? .held(by: PidFile.read(path)) : .failed(problem)
        }
        do throws(SystemError) {
            if ftruncate(descriptor, 0) < 0 { throw SystemError.last("ftruncate \(path)") }
            try File.writeAll(descriptor, Array("\(getpid())\n".utf8))
        } catch {
            Descriptor.close(descriptor)
            throw .failed(error)
        }
        return descriptor
    }

    /// Gives it up.
    package consuming func release() {}

    deinit {
        // Emptied, not removed: a removed file with a lock waiting on it would let two have it.
        _ = ftruncate(descriptor, 0)
        Descriptor.close(descriptor)
    }

    /// The id in the file, or nil.
    package static func read(_ path: String) -> Int32? {
        guard let text = try? File.readText(path) else { return nil }
        return Int32(text.split(whereSeparator: \.isWhitespace).first ?? "")
    }
}
