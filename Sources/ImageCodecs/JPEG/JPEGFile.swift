import CJPEG

/// The JPEG file that a picture was read from.
package struct JPEGFile: Hashable, Sendable {
  let bytes: [UInt8]
  /// How the stored pixels were turned for display.
  package let orientation: Orientation

  /// Reads what the file holds: whole numbers by which the steps of quantization are multiplied.
  ///
  /// - Returns: nil for inks, and for samples that are not the means of whole pixels.
  package func coefficients() -> JPEGCoefficients? { JPEGCoefficients(self) }
}

/// The quantized DCT coefficients of a JPEG file (ITU-T T.81, annex A).
package final class JPEGCoefficients {
  /// One of gray, R, G and B, or Y, Cb and Cr.
  package struct Component: Sendable {
    /// Blocks of 8 x 8 samples.
    package let blocksAcross: Int
    package let blocksDown: Int
    /// Of how many pixels a sample is the mean, from left to right and from top to bottom.
    package let horizontal: Int
    package let vertical: Int
    /// 64, row by row from the lowest frequency.
    package let steps: [Float]
  }

  package let components: [Component]
  /// Whether the components are Y, Cb and Cr.
  package let isOpponent: Bool
  private let reader: OpaquePointer

  fileprivate init?(_ file: JPEGFile) {
    var (count, isOpponent): (Int32, Int32) = (0, 0)
    let reader = file.bytes.withUnsafeBufferPointer { bytes -> OpaquePointer? in
      guard let reader = cjpeg_reader_create(bytes.baseAddress, bytes.count) else { return nil }
      var header = cjpeg_header()
      // The stream is read to its end here: nothing points to it afterwards.
      if cjpeg_reader_header(reader, &header) != 0,
        cjpeg_reader_coefficients(reader, &count, &isOpponent) != 0
      {
        return reader
      }
      cjpeg_reader_destroy(reader)
      return nil
    }
    guard let reader else { return nil }
    self.reader = reader
    self.isOpponent = isOpponent != 0
    components = (0..<count).map { index in
      var component = cjpeg_component()
      _ = cjpeg_reader_component(reader, index, &component)
      return Component(
        blocksAcross: Int(component.blocks_across), blocksDown: Int(component.blocks_down),
        horizontal: Int(component.horizontal), vertical: Int(component.vertical),
        steps: withUnsafeBytes(of: &component.steps) {
          $0.bindMemory(to: UInt16.self).map(Float.init)
        })
    }
  }

  deinit { cjpeg_reader_destroy(reader) }

  /// The coefficients of a row of blocks: 64 a block, row by row from the lowest frequency.
  package func blocks(component: Int, row: Int) -> [Int16] {
    let count = 64 * components[component].blocksAcross
    return [Int16](unsafeUninitializedCapacity: count) { values, initialized in
      values.initialize(repeating: 0)
      _ = cjpeg_reader_blocks(reader, Int32(component), UInt32(row), values.baseAddress)
      initialized = count
    }
  }
}
