import CKernels

/// How many threads compute.
package enum Threads {
  /// How many threads share the work of one operation; initially all cores.
  package static var count: Int { Int(latent_threads()) }

  /// What the portable kernels run on: "avx512", "avx2" or "baseline".
  package static var instructionSet: String {
    latent_instruction_set().map { String(cString: $0) } ?? "unknown"
  }

  /// Sets the number for the whole process; below 1 means all cores. To be called before plans
  /// are made: work for oneDNN is cut into shares when a plan is compiled.
  ///
  /// Results have the same bits from run to run for a given number.
  package static func set(_ count: Int) {
    latent_set_threads(Int32(clamping: count))
  }
}
