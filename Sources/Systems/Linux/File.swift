import CLinux
import Glibc

/// Small whole files, folders, and what belongs to them.
package enum File {
    /// The whole file. Throws with `isNotFound` where there is none.
    package static func read(_ path: String) throws(SystemError) -> [UInt8] {
        let descriptor = try open(path, O_RDONLY, mode: 0)
        defer { Descriptor.close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        var result = TransferResult.bytes(0)
        while result != .end {
            result = chunk.withUnsafeMutableBytes { Descriptor.read(descriptor, into: $0) }
            switch result {
            case .bytes(let count): content.append(contentsOf: chunk[..<count])
            case .end, .wouldBlock: result = .end
            case .failed(let code): throw SystemError(call: "read \(path)", code: code)
            }
        }
        return content
    }

    /// The whole file as text; what is no UTF-8 is replaced.
    package static func readText(_ path: String) throws(SystemError) -> String {
        String(decoding: try read(path), as: UTF8.self)
    }

    /// At most the last so many bytes as text; what is no UTF-8 is replaced.
    package static func readText(_ path: String, lastBytes: Int) throws(SystemError) -> String {
        let descriptor = try open(path, O_RDONLY, mode: 0)
        defer { Descriptor.close(descriptor) }
        let start = max(0, try size(path) - lastBytes)
        var buffer = [UInt8](repeating: 0, count: lastBytes)
        let count = pread(descriptor, &buffer, buffer.count, start)
        if count < 0 { throw SystemError.last("pread \(path)") }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// Empties a file; fine where there is none.
    package static func empty(_ path: String) { _ = truncate(path, 0) }

    /// Writes a whole file in one step: whoever reads sees the old one or the new one (rename(2)).
    package static func replace(_ path: String, with content: [UInt8], mode: UInt32 = 0o644) throws(SystemError) {
        let temporary = path + ".new"
        _ = Glibc.unlink(temporary)
        let descriptor = try open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
        do throws(SystemError) {
            defer { Descriptor.close(descriptor) }
            // The umask may have taken bits away.
            if fchmod(descriptor, mode) < 0 { throw SystemError.last("fchmod \(temporary)") }
            try writeAll(descriptor, content)
            if fsync(descriptor) < 0 { throw SystemError.last("fsync \(temporary)") }
        } catch {
            _ = Glibc.unlink(temporary)
            throw error
        }
        if rename(temporary, path) < 0 { throw SystemError.last("rename \(path)") }
    }

    /// Opens a file to append to; it is made where it is not there.
    package static func openToAppend(_ path: String, mode: UInt32 = 0o644) throws(SystemError) -> Int32 {
        try open(path, O_WRONLY | O_CREAT | O_APPEND, mode: mode)
    }

    /// The size in bytes. Throws with `isNotFound` where there is none.
    package static func size(_ path: String) throws(SystemError) -> Int {
        var status = stat()
        if clinux_stat(path, &status) < 0 { throw SystemError.last("stat \(path)") }
        return Int(status.st_size)
    }

    /// The permission bits. Throws with `isNotFound` where there is none.
    package static func mode(_ path: String) throws(SystemError) -> UInt32 {
        var status = stat()
        if clinux_stat(path, &status) < 0 { throw SystemError.last("stat \(path)") }
        return status.st_mode & 0o7777
    }

    /// Whether there is something at `path`.
    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
    /// Whether both paths lead to the same file or folder.
    package static func areSame(_ first: String, _ second: String) -> Bool {
        var one = stat()
        var other = stat()
        return clinux_stat(first, &one) == 0 && clinux_stat(second, &other) == 0
            && one.st_dev == other.st_dev && one.st_ino == other.st_ino
    }
    /// Whether this user may run the program at `path`.
    package static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }

    /// Makes a folder and those it is in; fine where they are there.
    package static func makeFolder(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += part
            if mkdir(made, mode) < 0 {
                let code = errno
                if code != EEXIST { throw SystemError(call: "mkdir \(made)", code: code) }
            }
            made += "/"
        }
    }

    /// Sets the permission bits.
    package static func setMode(_ path: String, _ mode: UInt32) throws(SystemError) {
        if chmod(path, mode) < 0 { throw SystemError.last("chmod \(path)") }
    }

    /// Gives a file or folder (not what is in it) to a user; needs root.
    package static func setOwner(_ path: String, _ user: UserAccount) throws(SystemError) {
        if chown(path, user.userID, user.groupID) < 0 { throw SystemError.last("chown \(path)") }
    }

    /// Renames a file, over another where there is one.
    package static func move(_ path: String, to target: String) throws(SystemError) {
        if rename(path, target) < 0 { throw SystemError.last("rename \(path)") }
    }

    /// Removes a file; fine where there is none.
    package static func remove(_ path: String) { _ = unlink(path) }

    /// Removes a folder with all that is in it; fine where there is none.
    package static func removeFolder(_ path: String) {
        for name in (try? names(in: path)) ?? [] {
            let entry = path + "/" + name
            if clinux_is_folder(entry) != 0 {
                removeFolder(entry)
            } else {
                _ = unlink(entry)
            }
        }
        _ = rmdir(path)
    }

    /// The names of what is in a folder, sorted.
    package static func names(in path: String) throws(SystemError) -> [String] {
        guard let folder = opendir(path) else { throw SystemError.last("opendir \(path)") }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = String(cString: clinux_entry_name(entry))
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// A new empty folder for this purpose alone, mode 0700, in $TMPDIR or /tmp.
    package static func makeTemporaryFolder(_ prefix: String) throws(SystemError) -> String {
        var template = Array("\(Environment.value("TMPDIR") ?? "/tmp")/\(prefix).XXXXXX".utf8CString)
        if mkdtemp(&template) == nil { throw SystemError.last("mkdtemp") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Makes a symbolic link at `path` to `target`.
    package static func link(_ path: String, to target: String) throws(SystemError) {
        if symlink(target, path) < 0 { throw SystemError.last("symlink \(path)") }
    }

    /// What a symbolic link points to.
    package static func linkTarget(_ path: String) throws(SystemError) -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = clinux_readlink(path, &buffer, buffer.count)
        if count < 0 { throw SystemError.last("readlink \(path)") }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// The absolute path without links. Throws with `isNotFound` where there is none.
    package static func absolute(_ path: String) throws(SystemError) -> String {
        guard let found = realpath(path, nil) else { throw SystemError.last("realpath \(path)") }
        defer { free(found) }
        return String(cString: found)
    }

    static func open(_ path: String, _ flags: Int32, mode: UInt32) throws(SystemError) -> Int32 {
        let descriptor = clinux_open(path, flags | O_CLOEXEC, mode)
        if descriptor < 0 { throw SystemError.last("open \(path)") }
        return descriptor
    }

    static func writeAll(_ descriptor: Int32, _ content: [UInt8]) throws(SystemError) {
        var problem: SystemError?
        content.withUnsafeBytes { bytes in
            do throws(SystemError) {
                try Descriptor.writeAll(descriptor, bytes)
            } catch {
                problem = error
            }
        }
        if let problem { throw problem }
    }
}
