import Batches
import Foundation
import ImageCodecs
import Pictures
import Tensors
import Testing

@testable import Commands

@Suite("maps of sigma")
struct SigmaMapTests {
  private let folder: String
  private let picture = Picture(pixels: Tensor([1, 2, 3]))

  init() throws {
    folder = NSTemporaryDirectory() + "sigma-map-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func map(_ name: String, _ bytes: [UInt8]) throws -> SigmaMap {
    let path = folder + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try SigmaMap(path, PictureReader(limits: .default) { _ in })
  }

  private func png(_ samples: Image.Samples, width: Int = 3) throws -> [UInt8] {
    try ImageWriter.encode(
      Image(width: width, height: 2, colorModel: .gray, samples: samples), format: .png,
      options: EncodingOptions(), name: "map")
  }

  @Test func levelsAreSigma() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let eight = try map("8.png", png(.bits8([0, 25, 50, 75, 100, 255])))
    let layer = try eight.layer(for: picture, at: 4)
    #expect(layer.shape == [1, 2, 3])
    #expect(layer.elements.map { ($0 * 255).rounded() } == [0, 25, 50, 75, 100, 255])
    let sixteen = try map("16.png", png(.bits16([0, 257, 2570, 3, 4, 65535])))
    let fine = try sixteen.layer(for: picture, at: 0).elements
    #expect(abs(fine[2] - 10 / 255) < 1e-6 && abs(fine[3] - 3 / 65535) < 1e-8 && fine[5] == 1)
    let array = try map("map.npy", Array(npy([1, 2, 3.5, 4, 5, 300], shape: "2, 3")))
    let numbers = try array.layer(for: picture, at: 0).elements
    #expect(abs(numbers[2] - 3.5 / 255) < 1e-7 && abs(numbers[5] - 300 / 255) < 1e-6)
  }

  @Test func refusesWhatDoesNotBelong() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let wide = try map("wide.png", png(.bits8([1, 2, 3, 4, 5, 6, 7, 8]), width: 4))
    #expect {
      try wide.layer(for: picture, at: 0)
    } throws: { error in
      "\(error)".contains("3x2 pixels, found 4x2")
    }
    let negative = try map("negative.npy", Array(npy([1, 2, 3, 4, 5, -1], shape: "2, 3")))
    #expect(throws: BatchError.self) { try negative.layer(for: picture, at: 0) }
    let colors = try map("colours.ppm", Array("P6 3 2 255\n".utf8) + (0..<18).map { UInt8($0) })
    #expect(throws: BatchError.self) { try colors.layer(for: picture, at: 0) }
    #expect(throws: (any Error).self) {
      try SigmaMap(folder + "/none.png", PictureReader(limits: .default) { _ in }).layer(
        for: picture, at: 0)
    }
  }
}
