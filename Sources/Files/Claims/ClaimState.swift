import Platform

/// What the file of a claim says.
package struct ClaimState: Sendable {
  /// nil where the file does not tell.
  package let owner: ProcessIdentity?
  /// Seconds since the claim was made, and since it was touched last.
  package let age: Double
  package let silence: Double
  /// How many claims came before.
  package internal(set) var generation = 0
  /// What the owner goes by, in seconds: it touches its claim the more rarely the longer it is.
  private let ownersTimeout: Double

  /// nil where there is no such file.
  init?(_ path: String, now: Double) {
    // Opened, not only looked at: NFS asks the server then.
    let descriptor = open(path.systemPath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_nlink > 0 else { return nil }
    silence = now - seconds(modificationTime(status))
    let bytes = (try? FileReader.readAll(descriptor: descriptor, name: path, limit: 4096)) ?? []
    let values = Self.values(bytes)
    ownersTimeout = values["timeout"].flatMap { Double($0) } ?? 0
    age = now - (values["since"].flatMap { Double($0) } ?? now)
    if let host = values["host"], let process = values["process"].flatMap({ Int32($0) }) {
      owner = ProcessIdentity(
        host: host, kernel: values["kernel"] ?? "", process: process,
        start: values["start"].flatMap { UInt64($0) } ?? 0)
    } else {
      owner = nil
    }
  }

  /// Whether nobody works under the claim any more, as far as can be told.
  package func isStale(_ timeout: Double) -> Bool {
    (owner?.hasEnded ?? false) || silence > max(timeout, ownersTimeout)
  }

  /// What this process writes into its claims.
  static func content(timeout: Double) -> [UInt8] {
    let own = ProcessIdentity.own
    return Array(
      """
      latent claim 1
      host \(Printable.escaped(own.host))
      process \(own.process)
      start \(own.start)
      kernel \(own.kernel)
      since \(time(nil))
      timeout \(timeout)

      """.utf8)
  }

  private static func values(_ bytes: [UInt8]) -> [String: String] {
    var values: [String: String] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
    }
    return values
  }
}
