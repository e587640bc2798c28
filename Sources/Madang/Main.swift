import Flags
import Glibc

/// Reads the command line and hands it to the subcommand it names.
@main struct Main {
    static let program = Program(
        version: "0.1.0",
        commands: [
            UpCommand.declaration, FrontCommand.declaration, BackendCommand.declaration, BrokerCommand.declaration,
            TopicsCommand.declaration, MigrateCommand.declaration, ChatCommand.declaration, BenchCommand.declaration,
            DoctorCommand.declaration,
        ])

    static func main() {
        let surroundings = Surroundings(
            environment: { getenv($0).map { String(cString: $0) } }, fileExists: { access($0, R_OK) == 0 })
        do throws(Misuse) {
            switch try program.request(Array(CommandLine.arguments.dropFirst()), in: surroundings) {
            case .show(let text):
                print(text, terminator: "")
            case .run(let command, let values):
                exit(try command.run(values))
            }
        } catch {
            let line = error.description + "\n"
            write(STDERR_FILENO, line, line.utf8.count)
            exit(2)
        }
    }
}
