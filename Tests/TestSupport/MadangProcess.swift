import Foundation

/// The `madang` executable of this build.
package enum MadangProcess {
    /// Beside the test runner; `MADANG_TEST_EXECUTABLE` names another, a release build for example.
    package static var executable: String {
        if let given = ProcessInfo.processInfo.environment["MADANG_TEST_EXECUTABLE"], !given.isEmpty { return given }
        let runner = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return runner.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/madang"
    }

    /// Starts `madang` with these words. Variables that would change its flags are not handed on.
    package static func start(
        _ arguments: [String], environment: [String: String?] = [:], directory: String? = nil,
        deathSignal: String = "KILL"
    ) throws -> ChildProcess {
        var variables: [String: String?] = [:]
        for name in ProcessInfo.processInfo.environment.keys where name.hasPrefix("MADANG_") {
            variables.updateValue(nil, forKey: name)
        }
        for (name, value) in environment { variables.updateValue(value, forKey: name) }
        return try ChildProcess(
            executable, arguments, environment: variables, directory: directory, deathSignal: deathSignal)
    }

    /// Runs it to its end.
    package static func run(
        _ arguments: [String], environment: [String: String?] = [:], directory: String? = nil,
        within seconds: Double = 30
    ) throws -> (ending: ChildProcess.Ending, lines: [String], errorLines: [String]) {
        let process = try start(arguments, environment: environment, directory: directory)
        let ending = try process.end(within: seconds)
        return (ending, process.lines, process.errorLines)
    }
}
