/// Which process this is, among those of all the machines that share a folder.
package struct ProcessIdentity: Hashable, Sendable {
  /// The machine's name, for people.
  package let host: String
  /// What numbers of processes are unique in: the machine's boot and the PID namespace. "" where the system
  /// does not say.
  package let kernel: String
  package let process: Int32
  /// When it started, in the kernel's ticks since the boot; 0 if the system does not say.
  package let start: UInt64

  package init(host: String, kernel: String, process: Int32, start: UInt64) {
    self.host = host
    self.kernel = kernel
    self.process = process
    self.start = start
  }

  package static let own: Self = {
    var name = [CChar](repeating: 0, count: 257)
    let isNamed = gethostname(&name, 256) == 0
    let host = isNamed ? text(name) : "unknown"
    let status = ProcStatus("self")
    // A /proc of another PID namespace speaks of other numbers than those that this process sees.
    let isOwn = status?.process == getpid()
    let boot = isOwn ? firstLine("/proc/sys/kernel/random/boot_id") : nil
    let space = isOwn ? link("/proc/self/ns/pid") : nil
    var kernel = ""
    if let boot, let space { kernel = "\(boot)/\(space)" }
    return Self(
      host: host, kernel: kernel, process: getpid(), start: isOwn ? status?.start ?? 0 : 0)
  }()

  /// Whether the process is known to have ended. Of processes elsewhere nothing is known.
  package var hasEnded: Bool {
    guard !kernel.isEmpty, kernel == Self.own.kernel, process > 0 else { return false }
    if kill(process, 0) != 0 { return errno == ESRCH }
    // The number may be that of a later process, and a process that ended stays until it is waited for.
    guard let status = ProcStatus("\(process)") else { return false }
    return status.isDead || start != 0 && status.start != start
  }

  /// Eight digits that tell one `kernel` from another; nil where there is none.
  package var kernelTag: String? {
    guard !kernel.isEmpty else { return nil }
    var hash: UInt32 = 2_166_136_261
    for byte in kernel.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  private static func firstLine(_ path: String) -> String? {
    smallFile(path)?.split(separator: "\n").first.map(String.init)
  }

  private static func link(_ path: String) -> String? {
    var target = [CChar](repeating: 0, count: 256)
    return readlink(path, &target, 255) > 0 ? text(target) : nil
  }

  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// What /proc/PID/stat says of a process.
private struct ProcStatus {
  let process: pid_t
  let isDead: Bool
  let start: UInt64

  /// nil where it cannot be read.
  init?(_ name: String) {
    guard let text = smallFile("/proc/\(name)/stat"),
      let process = pid_t(text.prefix { $0 != " " }),
      // The second field is a name in parentheses, which may hold anything.
      let end = text.utf8.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = text[text.utf8.index(after: end)...].split(separator: " ")
    guard fields.count > 19, let start = UInt64(fields[19]) else { return nil }
    self.process = process
    isDead = fields[0] == "Z" || fields[0] == "X"
    self.start = start
  }
}

/// The text of a file of the kernel's; nil where it cannot be read.
private func smallFile(_ path: String) -> String? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 4096)
  let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
  return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
}
