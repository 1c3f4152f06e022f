import Platform

/// Resizing by separable convolution, in the convention of MATLAB's `imresize`: pixel centers at
/// half-integers, a kernel widened by the reduction (antialiasing), weights that sum to one, and
/// mirrored borders. The cubic is Keys's with a = -0.5 (Keys 1981).
package enum Resampling {
  package enum Kernel: String, Hashable, Sendable, CaseIterable {
    case box
    case bilinear
    case bicubic
    case lanczos3

    /// The extent of the kernel's support, in samples.
    var width: Double {
      switch self {
      case .box: 1
      case .bilinear: 2
      case .bicubic: 4
      case .lanczos3: 6
      }
    }

    func weight(_ x: Double) -> Double {
      let t = abs(x)
      switch self {
      case .box: return -0.5 <= x && x < 0.5 ? 1 : 0
      case .bilinear: return max(0, 1 - t)
      case .bicubic:
        if t <= 1 { return (1.5 * t - 2.5) * t * t + 1 }
        return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0
      case .lanczos3:
        if t < 1e-9 { return 1 }
        return t < 3 ? 3 * sin(.pi * t) * sin(.pi * t / 3) / (.pi * .pi * t * t) : 0
      }
    }
  }

  /// Planes in another size. Values may overshoot their range with `bicubic` and `lanczos3`.
  ///
  /// - Parameters:
  ///   - planes: `[channels, height, width]`.
  ///   - antialiasing: whether the kernel is widened when the picture gets smaller.
  /// - Returns: `[channels, toHeight, toWidth]`.
  /// - Precondition: the extents are positive and fit the count.
  package static func resize(
    _ planes: [Float], width: Int, height: Int, channels: Int, toWidth: Int, toHeight: Int,
    kernel: Kernel = .bicubic, antialiasing: Bool = true
  ) -> [Float] {
    precondition(width > 0 && height > 0 && toWidth > 0 && toHeight > 0)
    precondition(planes.count == width * height * channels)
    if width == toWidth && height == toHeight { return planes }
    let columns = ResamplingAxis(
      from: width, to: toWidth, kernel: kernel, antialiasing: antialiasing)
    let rows = ResamplingAxis(
      from: height, to: toHeight, kernel: kernel, antialiasing: antialiasing)
    let count = toWidth * toHeight
    return [Float](unsafeUninitializedCapacity: count * channels) { target, initialized in
      target.initialize(repeating: 0)
      planes.withUnsafeBufferPointer { planes in
        for channel in 0..<channels {
          let plane = planes.baseAddress! + channel * width * height
          resample(
            columns: columns, rows: rows, width: width,
            into: UnsafeMutableBufferPointer(rebasing: target[(channel * count)...].prefix(count))
          ) { row, buffer in
            buffer.baseAddress!.update(from: plane + row * width, count: width)
          }
        }
      }
      initialized = count * channels
    }
  }

  /// A part of planes in another size, equal to that part of `resize` to the last bit; memory is what
  /// the part takes.
  ///
  /// - Parameters:
  ///   - rows: of the result, within `0..<toHeight`.
  ///   - columns: of the result, within `0..<toWidth`.
  ///   - width: of the source.
  ///   - height: of the source.
  ///   - target: gets `[channels, rows.count, columns.count]`.
  ///   - read: puts a row of a channel of the source into a buffer of `width` numbers.
  package static func resize(
    rows: Range<Int>, columns: Range<Int>, toWidth: Int, toHeight: Int, width: Int, height: Int,
    channels: Int, kernel: Kernel = .bicubic,
    into target: UnsafeMutableBufferPointer<Float>,
    read: (_ channel: Int, _ row: Int, UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    let count = rows.count * columns.count
    precondition(target.count == count * channels)
    let across = ResamplingAxis(from: width, to: toWidth, window: columns, kernel: kernel)
    let down = ResamplingAxis(from: height, to: toHeight, window: rows, kernel: kernel)
    target.update(repeating: 0)
    for channel in 0..<channels {
      resample(
        columns: across, rows: down, width: width,
        into: UnsafeMutableBufferPointer(rebasing: target[(channel * count)...].prefix(count))
      ) { row, buffer in read(channel, row, buffer) }
    }
  }

  /// Resamples one plane that is read a row at a time, so that a large picture needs no
  /// floating-point copy: memory is what the narrowed rows take.
  ///
  /// - Parameters:
  ///   - width: of the source.
  ///   - target: `[rows.count, columns.count]`, zeros.
  ///   - read: puts source row `y` into a buffer of `width` numbers.
  package static func resample(
    columns: ResamplingAxis, rows: ResamplingAxis, width: Int,
    into target: UnsafeMutableBufferPointer<Float>,
    read: (Int, UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    let span = rows.span
    let toWidth = columns.count
    let line = UnsafeMutableBufferPointer<Float>.allocate(capacity: width)
    let narrowed = UnsafeMutableBufferPointer<Float>.allocate(capacity: span.count * toWidth)
    line.initialize(repeating: 0)
    narrowed.initialize(repeating: 0)
    defer {
      line.deallocate()
      narrowed.deallocate()
    }
    for row in span {
      read(row, line)
      columns.apply(line, to: narrowed.baseAddress! + (row - span.lowerBound) * toWidth)
    }
    for y in 0..<rows.count {
      let output = target.baseAddress! + y * toWidth
      for tap in 0..<rows.taps {
        let weight = rows.weights[y * rows.taps + tap]
        if weight == 0 { continue }
        let row = Int(rows.indices[y * rows.taps + tap]) - span.lowerBound
        let input = narrowed.baseAddress! + row * toWidth
        for x in 0..<toWidth { output[x] += weight * input[x] }
      }
    }
  }
}
