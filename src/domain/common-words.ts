/**
 * What passwords are made of when nobody thinks: words from the world's and China's most used passwords, surnames and given names in
 * pinyin, keyboard walks, and the words of this office. Lower case, without the usual digits for letters; longest match counts.
 */
const GENERAL = `
  password passwort passwd passw0rd pass word admin administrator root user guest test tester demo default login signin welcome hello letmein
  changeme change secret private access master super superman batman spiderman dragon monkey tiger lion eagle shadow sunshine princess prince
  queen king flower summer winter spring autumn football baseball basketball soccer hockey tennis golf iloveyou love lovely lover angel devil
  michael jordan jessica ashley daniel jennifer thomas charlie robert andrew joshua matthew michelle nicole hunter killer freedom trustno
  whatever starwars pokemon computer internet server system windows google apple samsung huawei xiaomi tencent wechat weixin alipay taobao
  baidu qq qwerty azerty qwertz asdfgh asdf zxcvbn zxcv qazwsx wsx edc rfv poiuyt lkjhgf mnbvcx onetwo one two three four five six seven eight
  nine ten monday friday sunday january february march april may june july august september october november december cheese pepper cookie
  coffee orange banana cherry silver golden diamond purple yellow green black white blue red maggie ginger harley ranger buster soccer matrix
  phoenix mercedes ferrari porsche corvette mustang money business company office account service support manager staff temp temporary
  security secure database backup oracle mysql linux ubuntu centos cisco network public welcome1 abc abcd abcde xyz aaa zzz
`
const CHINESE = `
  woaini woaiwo woaizhongguo aini wode nihao zhongguo china beijing shanghai tianjin chongqing guangzhou shenzhen nanjing hangzhou chengdu
  wuhan dalian harbin changchun changsha xian jinan qingdao mima denglu guanliyuan yonghu ceshi moren gongzuo danwei bangong zhangsan lisi
  wangwu zhaoliu wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang deng han feng
  cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren yao shen zhong cui tan fan jin wei xiaoming xiaohong
  xiaoli lei jun jie yong hong ping ming hua jian guang qiang yan jing juan xiaofeng meili baobei baba mama laopo laogong jiating xingfu
  kuaile fengshun ruyi facai gongxi longnian pengyou tiantian yongyuan zhende shijie aiqing dashen niubi
`
const HOUSE = `
  sunlit yangguang zhifa yangguangzhifa xingzheng jiandu tousu jubao sifa sifaju justice bureau enforcement supervision complaint complaints
  clerk investigator approver auditor officer agency inspector shouli banli anjian gongan zhengfu government liaoning shenyang heping shenhe
  dadong huanggu tiexi sujiatun hunnan shenbei yuhong liaozhong kangping faku xinmin
`

/** All words once, the longest first, so that `password` is found before `pass`. */
export const COMMON_WORDS: readonly string[] = [...new Set(`${GENERAL} ${CHINESE} ${HOUSE}`.trim().split(/\s+/))]
  .filter(word => word.length > 2).sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
