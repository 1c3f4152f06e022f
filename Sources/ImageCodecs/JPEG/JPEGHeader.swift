import Files

/// A JPEG file's header, read without decoding (ITU-T T.81, annex B).
enum JPEGHeader {
  static let exifSignature: [UInt8] = Array("Exif\0\0".utf8)

  static func read(from source: ByteSource, name: String) throws -> ImageHeader {
    func damaged(_ message: String) -> ImageError {
      ImageError(kind: .badData, path: name, message: "damaged JPEG: \(message)")
    }
    var orientation: Orientation?
    var offset = 2
    var padding = 0
    while true {
      var marker = try source.read(at: offset, count: 4)
      // Any number of fill bytes 0xFF may precede a marker; other bytes are padding.
      while marker.count == 4, marker[0] != 0xFF || marker[1] == 0xFF || marker[1] == 0 {
        offset += 1
        padding += 1
        guard padding <= 65_536 else { throw damaged("no marker where one is expected") }
        marker = try source.read(at: offset, count: 4)
      }
      guard marker.count == 4 else { throw damaged("the file ends within the header") }
      let code = marker[1]
      if code == 0x01 || (0xD0...0xD8).contains(code) {
        offset += 2
        continue
      }
      // A length that does not count its own two bytes is damaged; libjpeg goes on behind them.
      let length = max(Int(marker[2]) << 8 | Int(marker[3]), 2)
      guard code != 0xD9, code != 0xDA else { throw damaged("no frame header") }
      switch code {
      case 0xE1 where orientation == nil:
        let segment = try source.read(at: offset + 4, count: length - 2)
        if segment.starts(with: exifSignature) {
          orientation = EXIF.orientation(of: Array(segment.dropFirst(exifSignature.count)))
        }
      case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
        let frame = try source.read(at: offset + 4, count: 6)
        guard frame.count == 6 else { throw damaged("the file ends within the header") }
        let height = Int(frame[1]) << 8 | Int(frame[2])
        let width = Int(frame[3]) << 8 | Int(frame[4])
        guard width > 0, height > 0 else { throw damaged("\(width)x\(height) is no extent") }
        guard frame[0] == 8 else {
          throw ImageError(
            kind: .badData, path: name,
            message: "\(frame[0])-bit JPEG; expected 8 bits: convert it to PNG first")
        }
        var header = ImageHeader(
          format: .jpeg, width: width, height: height,
          colorModel: frame[5] == 1 ? .gray : .rgb, depth: 8, orientation: .upright)
        header.apply(orientation ?? .upright)
        return header
      default:
        break
      }
      offset += 2 + length
    }
  }
}
