import Glibc

/// How many random inputs a test tries: `usual`, times `MADANG_GARBAGE` where that is set (a whole number, for long
/// runs).
package func garbageRounds(_ usual: Int) -> Int {
    guard let text = getenv("MADANG_GARBAGE"), let factor = Int(String(cString: text)), factor > 0 else { return usual }
    return usual * factor
}
