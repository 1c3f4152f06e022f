import CKernels
import COneDNN

/// One operation of oneDNN, cut into shares that the threads of this package do at the same time,
/// each with a primitive of its own.
final class OneDNNOperation {
  /// What a thread needs to do a share.
  private struct Shares {
    var handles: [OpaquePointer] = []
    /// What each share reported; nil for success.
    var messages: UnsafeMutablePointer<String?>
  }

  private let shares: UnsafeMutablePointer<Shares>

  /// Makes an operation of one handle for each share; nil where oneDNN has no implementation.
  ///
  /// - Throws: `BackendError` with what oneDNN reported.
  init?(
    shares count: Int,
    _ make: (
      _ share: Int, UnsafeMutablePointer<OpaquePointer?>, UnsafeMutablePointer<CChar>
    ) -> latent_onednn_status
  ) throws {
    latent_leave_openmp()
    let messages = UnsafeMutablePointer<String?>.allocate(capacity: count)
    messages.initialize(repeating: nil, count: count)
    shares = .allocate(capacity: 1)
    shares.initialize(to: Shares(messages: messages))
    for share in 0..<count {
      var handle: OpaquePointer?
      let status = Self.withMessage { make(share, &handle, $0) }
      switch (status.status, handle) {
      case (LATENT_ONEDNN_OK, let handle?): shares.pointee.handles.append(handle)
      case (LATENT_ONEDNN_UNAVAILABLE, _): return nil
      default: throw BackendError(status.message)
      }
    }
    for handle in shares.pointee.handles {
      var bytes = 0
      let reorders = latent_onednn_reorders(handle, &bytes)
      Profile.note(reorders: reorders, bytes: bytes)
    }
  }

  deinit {
    for handle in shares.pointee.handles { latent_onednn_free(handle) }
    shares.pointee.messages.deallocate()
    shares.deinitialize(count: 1)
    shares.deallocate()
  }

  /// The name of oneDNN's implementation, as "jit:avx2".
  var implementation: String {
    shares.pointee.handles.first.map { String(cString: latent_onednn_implementation($0)) } ?? ""
  }

  func run() throws {
    let count = shares.pointee.handles.count
    latent_parallel_for(
      count,
      { context, begin, end, _ in
        guard let shares = context?.assumingMemoryBound(to: Shares.self) else { return }
        latent_leave_openmp()
        for share in begin..<end {
          let handle = shares.pointee.handles[share]
          let result = OneDNNOperation.withMessage { latent_onednn_run(handle, $0) }
          if result.status != LATENT_ONEDNN_OK { shares.pointee.messages[share] = result.message }
        }
      }, shares)
    var failure: String?
    for share in 0..<count {
      failure = failure ?? shares.pointee.messages[share]
      shares.pointee.messages[share] = nil
    }
    if let failure { throw BackendError(failure) }
  }

  /// Calls `body` with room for a message, which is read where the status is not OK.
  private static func withMessage(
    _ body: (UnsafeMutablePointer<CChar>) -> latent_onednn_status
  ) -> (status: latent_onednn_status, message: String) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(latent_onednn_message_size)) {
      guard let start = $0.baseAddress else { return (LATENT_ONEDNN_FAILED, "") }
      let status = body(start)
      return (status, status == LATENT_ONEDNN_OK ? "" : String(cString: start))
    }
  }
}

/// Equal shares of `count`, one for each thread, as ranges; all but the last end at a multiple of
/// `unit`.
func evenShares(_ count: Int, unit: Int = 1) -> [Range<Int>] {
  let units = (count + unit - 1) / unit
  let shares = max(min(Threads.count, units), 1)
  func end(_ share: Int) -> Int { min(units * share / shares * unit, count) }
  return (0..<shares).map { end($0)..<end($0 + 1) }
}
