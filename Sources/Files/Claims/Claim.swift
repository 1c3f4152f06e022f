import Platform

/// A result that this process has taken upon itself. See `Claims`.
package final class Claim: Sendable {
  /// The result's path, or that of the first of several.
  package let result: String
  /// How many had taken the result upon themselves before.
  package let generation: Int
  private let renewal: ClaimRenewal

  init(result: String, generation: Int, renewal: ClaimRenewal) {
    self.result = result
    self.generation = generation
    self.renewal = renewal
    renewal.add(path)
  }

  private var path: String { ClaimNames.claim(of: result, generation) }

  /// Whether the result is still this process's to write: it is not where the process stood still for so
  /// long that another one took over.
  package var isOurs: Bool {
    Paths.exists(path) && !Paths.exists(ClaimNames.claim(of: result, generation + 1))
  }

  /// Ends the claim once the result, or the mark of its failure, is there for all to see.
  package func finish() {
    renewal.remove(path)
    ClaimNames.removeClaims(of: result, atLeast: generation)
  }

  /// Gives the result up for others to take. The file stays: see `Claims`.
  package func release() {
    renewal.remove(path)
    var times = [timespec(), timespec()]
    utimensat(AT_FDCWD, path.systemPath, &times, 0)
  }
}

/// The names of the files beside a result.
enum ClaimNames {
  static func claim(of result: String, _ generation: Int) -> String {
    base(result) + ".claim" + (generation > 0 ? ".\(generation)" : "")
  }

  static func failure(of result: String) -> String { base(result) + ".failed" }

  /// "folder/.a.png"; of a name that leaves no room for more, a number made of it.
  private static func base(_ result: String) -> String {
    let name = Paths.name(result)
    guard name.utf8.count > 230 else { return Paths.folder(result) + "." + name }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Paths.folder(result) + ".latent-name-" + String(hash, radix: 16)
  }

  /// From the last of a chain to the first, so that what a process leaves that is killed here begins with
  /// the first.
  ///
  /// - Parameter known: a generation that there is.
  static func removeClaims(of result: String, atLeast known: Int) {
    var last = known
    while Paths.exists(claim(of: result, last + 1)) { last += 1 }
    for generation in (0...last).reversed() { unlink(claim(of: result, generation).systemPath) }
  }
}
