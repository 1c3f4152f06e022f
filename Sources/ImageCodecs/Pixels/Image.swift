/// A picture in memory: interleaved samples, row by row from the top left.
package struct Image: Hashable, Sendable {
  /// What the channels of a pixel stand for. Alpha is straight (not premultiplied).
  package enum ColorModel: Int, Hashable, Sendable, CaseIterable {
    case gray = 1
    case grayAlpha = 2
    case rgb = 3
    case rgba = 4

    /// Samples per pixel.
    package var channels: Int { rawValue }
    package var hasAlpha: Bool { self == .grayAlpha || self == .rgba }
    /// Samples per pixel without alpha: 1 or 3.
    package var colorChannels: Int { hasAlpha ? rawValue - 1 : rawValue }
  }

  /// The samples at the file's precision.
  package enum Samples: Hashable, Sendable {
    /// 0...255
    case bits8([UInt8])
    /// 0...65,535
    case bits16([UInt16])
  }

  /// In pixels, at least 1.
  package let width: Int
  /// In pixels, at least 1.
  package let height: Int
  package let colorModel: ColorModel
  /// `width * height * colorModel.channels` numbers.
  package var samples: Samples
  package var metadata: Metadata

  /// - Precondition: the number of samples fits the extents.
  package init(
    width: Int, height: Int, colorModel: ColorModel, samples: Samples,
    metadata: Metadata = Metadata()
  ) {
    precondition(width > 0 && height > 0, "a picture has at least one pixel")
    switch samples {
    case .bits8(let s): precondition(s.count == width * height * colorModel.channels)
    case .bits16(let s): precondition(s.count == width * height * colorModel.channels)
    }
    self.width = width
    self.height = height
    self.colorModel = colorModel
    self.samples = samples
    self.metadata = metadata
  }

  /// Bits per sample: 8 or 16.
  package var depth: Int {
    switch samples {
    case .bits8: 8
    case .bits16: 16
    }
  }
}
