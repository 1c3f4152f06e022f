import CSystem

/// What this process was started with.
package enum ProcessStart {
  /// The arguments without the program's name, byte for byte. Unlike `CommandLine.arguments` they are there
  /// without /proc too, and keep bytes that are no UTF-8.
  package static var arguments: [[UInt8]] {
    var count: Int32 = 0
    guard let values = csystem_arguments(&count), count > 0 else {
      return CommandLine.arguments.dropFirst().map { Array($0.utf8) }
    }
    return (1..<max(1, Int(count))).compactMap { index in
      values[index].map { Array(UnsafeRawBufferPointer(start: $0, count: length($0))) }
    }
  }

  /// The path that the program was started by, as its caller gave it: perhaps a name in PATH.
  package static var program: String? {
    var count: Int32 = 0
    guard let values = csystem_arguments(&count), count > 0, let first = values[0] else {
      return CommandLine.arguments.first
    }
    return String(systemPath: first)
  }

  private static func length(_ text: UnsafePointer<CChar>) -> Int {
    var length = 0
    while text[length] != 0 { length += 1 }
    return length
  }
}
