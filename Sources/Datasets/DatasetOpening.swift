import Files
import ImageCodecs
import Pictures
import Platform
import Tensors

/// The steps of opening a data set: find the files, read their headers, settle extents and
/// channels, decode what the cache holds.
struct DatasetOpening {
  private(set) var shape: Shape
  private(set) var items: [DatasetItem]
  private(set) var cache: [Dataset.Sample?] = []
  let decoder: SampleDecoder
  private let paths: [String]
  private let warning: (DatasetWarning) -> Void

  /// Of pictures of whatever sizes, whose headers are all that is wanted at first.
  init(_ paths: [String], surveying options: DatasetOptions) throws {
    var options = options
    options.size = .pieces(width: 1, height: 1)
    options.halved = .none
    options.color = .rgb
    try self.init(paths, options: options) { _ in }
  }

  init(
    _ paths: [String], options: DatasetOptions, warning: @escaping (DatasetWarning) -> Void
  ) throws {
    let files = try ImageScan.files(paths, warning: warning)
    var items: [DatasetItem] = []
    var containers: [StoredPictures] = []
    for (path, header) in zip(files, parallelMap(files) { FileHeader(path: $0, options: options) })
    {
      switch header {
      case .picture(let item): items.append(item)
      case .containers(let files):
        for file in files {
          for record in 0..<file.count {
            items.append(
              DatasetItem(
                path: file.path, record: record, container: containers.count, width: file.width,
                height: file.height, hasColor: file.channels == 3))
          }
          containers.append(file)
        }
      case .undecided(let array): throw array
      case .unusable(let reason): warning(DatasetWarning(path: path, reason: reason))
      }
    }
    if case .pieces(let width, let height) = options.size {
      for item in items where item.width < width || item.height < height {
        warning(
          DatasetWarning(
            path: item.name,
            reason: "\(item.width)x\(item.height) pixels, expected at least \(width)x\(height)"))
      }
      if options.halved != .none {
        items = items.flatMap { item in
          guard max(item.width, item.height) > 1000 else { return [item] }
          return options.halved == .only ? [item.half] : [item, item.half]
        }
      }
      items.removeAll { $0.width < width || $0.height < height }
    }
    guard let first = items.first else { throw Self.noPicture(paths) }
    let channels =
      switch options.color {
      case .gray: 1
      case .rgb: 3
      case .automatic: items.contains(where: \.hasColor) ? 3 : 1
      }
    switch options.size {
    case .own:
      if let other = items.first(where: { ($0.width, $0.height) != (first.width, first.height) }) {
        throw MixedSizesError(
          path: other.name, found: (other.width, other.height), first: first.name,
          expected: (first.width, first.height))
      }
      shape = [channels, first.height, first.width]
    case .scaled(let width, let height), .pieces(let width, let height):
      shape = [channels, height, width]
    }
    self.items = items
    self.paths = paths
    self.warning = warning
    decoder = SampleDecoder(options: options, containers: containers, channels: channels)
  }

  /// Decodes items in their order while the budget lasts; what cannot be decoded is left out.
  mutating func decode() throws {
    // IDX files and arrays are in memory in any case.
    var budget = decoder.options.cacheBudget - decoder.containers.reduce(0) { $0 + $1.bytes.count }
    var kept = 0
    for item in items {
      if decoder.direct(item) == nil {
        let size = decoder.size(item)
        let (cost, overflow) = (decoder.channels * size.width).multipliedReportingOverflow(
          by: size.height)
        if overflow || cost > budget { break }
        budget -= cost
      }
      kept += 1
    }
    let decoder = decoder
    let decoded = parallelMap(Array(items[..<kept])) { item -> Result<Dataset.Sample, any Error> in
      Result { try decoder.decode(item) }
    }
    var usable: [DatasetItem] = []
    for (item, result) in zip(items, decoded) {
      switch result {
      case .success(let sample):
        usable.append(item)
        cache.append(sample)
      case .failure(let error):
        if !item.isHalved { warning(DatasetWarning(item.path, error)) }
      }
    }
    for item in items[kept...] {
      usable.append(item)
      cache.append(decoder.direct(item))
    }
    items = usable
    if items.isEmpty { throw Self.noPicture(paths) }
  }

  private static func noPicture(_ paths: [String]) -> FileError {
    FileError(
      kind: .noInput, path: paths.first ?? "data set",
      message:
        "no usable picture; expected \(ImageFormat.list) pictures, IDX files, NumPy arrays, or folders of "
        + "them")
  }
}

/// What a file's first bytes say.
private enum FileHeader: Sendable {
  case picture(DatasetItem)
  case containers([StoredPictures])
  /// Nobody can tell what its numbers mean: what else there is, is no answer.
  case undecided(UndecidedArray)
  case unusable(String)

  init(path: String, options: DatasetOptions) {
    do {
      let header = try ImageReader.header(path: path)
      let (pixels, overflow) = header.width.multipliedReportingOverflow(by: header.height)
      if overflow || pixels > options.limits.maximumPixels {
        self = .unusable(
          "\(header.width)x\(header.height) pixels are more than the limit of "
            + "\(options.limits.maximumPixels)")
        return
      }
      self = .picture(
        DatasetItem(
          path: path, record: nil, container: nil, width: header.width, height: header.height,
          hasColor: header.colorModel.colorChannels == 3))
    } catch {
      do {
        guard let stored = try Self.stored(path, options) else {
          self = .unusable(DatasetWarning(path, error).reason)
          return
        }
        self = .containers(stored)
      } catch let array as UndecidedArray {
        self = .undecided(array)
      } catch {
        self = .unusable(DatasetWarning(path, error).reason)
      }
    }
  }
}

extension FileHeader {
  /// The pictures of a file that holds many; nil for another.
  private static func stored(_ path: String, _ options: DatasetOptions) throws -> [StoredPictures]?
  {
    if StoredPictures.isArray(path: path) {
      return [try StoredPictures(array: path, options: options)]
    }
    if NPZFile.split(path) != nil || NPZFile.isArchive(path: path) {
      return try NPZFile.arrays(path, options.arrays, options: options)
    }
    return IDXFile.isIDX(path: path) ? [StoredPictures(try IDXFile(path: path))] : nil
  }
}

/// `transform` of every element, in their order, on all cores.
func parallelMap<Element: Sendable, Result: Sendable>(
  _ elements: [Element], _ transform: @escaping @Sendable (Element) -> Result
) -> [Result] {
  let results = Lock([Result?](repeating: nil, count: elements.count))
  Parallel.perform(elements.count) { index in
    let result = transform(elements[index])
    results.withLock { $0[index] = result }
  }
  return results.withLock { $0.compactMap { $0 } }
}
