import CSystem

/// What memory this process may take.
package enum Memory {
  /// Bytes that are left for what is not reckoned with: threads, buffers of the libraries.
  private static let reserve = 24 << 20

  /// Bytes that may still be taken; nil if the system does not say.
  package static var available: Int? {
    let bytes = csystem_available_memory()
    return bytes < 0 ? nil : max(0, Int(bytes) - reserve)
  }

  /// Checks, before memory is taken, that it is there. Swift's containers end the process where it is not.
  ///
  /// - Parameters:
  ///   - bytes: small amounts are passed without asking the system.
  ///   - purpose: as in "expected 2.1 GB of memory for PURPOSE".
  /// - Throws: `MemoryError`.
  package static func require(_ bytes: Int, for purpose: @autoclosure () -> String) throws {
    guard bytes > 1 << 20, let available, bytes > available else { return }
    throw MemoryError(needed: bytes, available: available, purpose: purpose())
  }

  /// As above for a number of elements of so many bytes, whose product may be too large for a number.
  package static func require(
    _ counts: Int..., elements size: Int, for purpose: @autoclosure () -> String
  ) throws {
    var bytes = size
    for count in counts {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: count)
      bytes = overflow ? .max : product
      if overflow { break }
    }
    try require(bytes, for: purpose())
  }

  /// Lets a process that is refused memory end with a line and an exit code instead of a signal: for what
  /// `require` does not reckon with.
  package static func reportExhaustion(exitCode: Int32) {
    csystem_report_exhaustion(line, exitCode)
  }

  /// For a signal handler: memory that is there as long as the process.
  private nonisolated(unsafe) static let line: UnsafePointer<CChar> = {
    let text = "latent: out of memory\n"
    let memory = UnsafeMutablePointer<CChar>.allocate(capacity: text.utf8.count + 1)
    for (place, byte) in text.utf8.enumerated() { memory[place] = CChar(bitPattern: byte) }
    memory[text.utf8.count] = 0
    return UnsafePointer(memory)
  }()
}

/// More memory would be needed than there is.
package struct MemoryError: Error, Hashable, Sendable, CustomStringConvertible {
  /// In bytes.
  package let needed: Int
  /// In bytes.
  package let available: Int
  package let purpose: String

  package var description: String {
    "expected \(Self.amount(needed)) of memory for \(purpose), found \(Self.amount(available))"
  }

  /// "1.5 GB", "640 MB".
  private static func amount(_ bytes: Int) -> String {
    let megabytes = (bytes + 999_999) / 1_000_000
    guard megabytes >= 1000 else { return "\(megabytes) MB" }
    let tenths = megabytes / 100
    return tenths >= 1000 ? "\(tenths / 10) GB" : "\(tenths / 10).\(tenths % 10) GB"
  }
}
