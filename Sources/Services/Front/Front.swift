import Chat
import Crypto
import FrontCore
import Kafka
import Linux
package import Logging
import Reactor
import Topics

/// `madang front`: sessions, WebSockets and HTTP for clients; commands and facts over Kafka.
package enum Front {
    /// Runs until `waitForStop` says so: it waits for at most so many milliseconds and tells whether to end. `print`
    /// gets the lines for stdout: `stomp HOST:PORT` and `front http://HOST:PORT` once the ports are open. Exit
    /// status: 0 after a stop; 1 where a port cannot be had or topics are not as topics.yaml says; 2 where a file is
    /// missing.
    package static func run(
        _ configuration: FrontConfiguration, logger: Logger, print: (String) -> Void, waitForStop: (Int) -> Bool
    ) -> Int32 {
        let topics: TopicList
        do throws(TopicList.Failure) {
            topics = try TopicList.load(path: configuration.topicsFile)
        } catch {
            logger.error("\(error)")
            return 2
        }
        let running: RunningFront
        do {
            running = try RunningFront(configuration, topics: topics, logger: logger)
        } catch {
            logger.error("\(error)")
            return 1
        }
        if let stomp = running.stompAddress { print("stomp \(stomp)") }
        print("front \(running.scheme)://\(running.httpAddress)")
        let status = running.serve(waitForStop: waitForStop)
        running.close()
        return status
    }
}
