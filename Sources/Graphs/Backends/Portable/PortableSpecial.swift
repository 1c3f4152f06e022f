import CKernels

extension Portable {
  /// The reference's function, shared out among threads.
  static func special(_ function: SpecialFunction, _ inputs: [Operand], _ y: Operand) -> Step {
    let loop = SpecialLoop(function, inputs, y)
    let count = y.shape.count
    // A number takes a microsecond or so: a few dozen are worth another thread.
    guard count >= 64 else { return { loop.run(0..<count) } }
    return {
      latent_parallel_for(
        count,
        { context, begin, end, _ in
          guard let context else { return }
          Unmanaged<SpecialLoop>.fromOpaque(context).takeUnretainedValue().run(begin..<end)
        }, Unmanaged.passUnretained(loop).toOpaque())
    }
  }
}
